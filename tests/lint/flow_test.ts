import { assert, assertEquals } from "@std/assert";
import { Flow, isInClosure } from "../../src/lint/flow.ts";
import { inTree } from "./_tree.ts";

/** Where `open()` ends up in the body of a function: `taken`, `lost`, or the name of a variable. */
function endOf(body: string): string {
  let end = "not asked";
  inTree(`async function* f() { ${body} }`, ({ bindings, find }) => {
    const node = find("CallExpression", "open()");
    const to = new Flow(bindings).destination({ node, kind: "handle" });
    end = to.end === "variable" ? to.binding.name : to.end;
  });
  return end;
}

Deno.test("Flow.destination() follows a value through expressions", () => {
  const ends = Object.entries({
    "a(b ? c : (d, open()!) ?? e);": "taken",
    "a[open()];": "lost",
    "open() || a;": "lost",
    "return open() || a;": "taken",
    "const a = b && open();": "a",
    "let a; b = a = open();": "taken",
    "let a; (a = open()).value;": "a",
    "b = open();": "taken",
    "for (open(); ;) {}": "lost",
    "delete open().value;": "lost",
    "open()[Symbol.dispose]();": "taken",
    "open().later;": "taken",
    "const { value: { width } } = open();": "lost",
    "const { [Symbol.dispose]: give } = open();": "taken",
    "const { ...all } = open();": "taken",
    "const [a] = open();": "taken",
    "const [a, b] = await Promise.all([1, open()]);": "b",
    "const [, b] = await Promise.all([1, open()]);": "taken",
    "await Promise.all([1, open()]);": "lost",
    "const [a] = await Promise.all([...b, open()]);": "taken",
    "const [a] = await Promise.race([open()]);": "taken",
    "const a = Promise.all([open()]);": "taken",
    "assertEquals(open(), a);": "lost",
    "assertEquals(open(), undefined);": "taken",
    "await using a = open();": "taken",
    "super_(open());": "taken",
  });
  for (const [body, end] of ends) assertEquals(endOf(body), end, body);
});

Deno.test("Flow.isTaken() is so if one use of a variable takes it, under another name too", () => {
  const taken = (body: string) => {
    let answer: boolean | undefined;
    inTree(`function f() { const a = open(); ${body} }`, ({ bindings, identifiers }) => {
      answer = new Flow(bindings).isTaken(bindings.resolve(identifiers("a")[0]!)!, "handle");
    });
    return answer;
  };
  assertEquals(taken("a.value; console.log(a);"), false);
  assertEquals(taken("a.value; keep(a);"), true);
  assertEquals(taken("const b = a; return b;"), true);
  assertEquals(taken("let b = a; b = b; type A = typeof a;"), false);
  assertEquals(taken("return { a };"), true);
  assertEquals(taken("return () => a.value;"), true);
  assertEquals(taken("function g() { a.value; }"), true);
  assertEquals(taken("b.some(() => a.value);"), false);
  assertEquals(taken("if (b) { const a = 1; keep(a); }"), false);
});

Deno.test("isInClosure() looks at the functions between a use and the variable's block", () => {
  inTree("() => { const a = 1; a; b(() => a); b.map(() => a); }", ({ bindings, identifiers }) => {
    const [id] = identifiers("a");
    const binding = bindings.resolve(id!)!;
    assertEquals(binding.references.map((each) => isInClosure(each, binding)), [
      false,
      true,
      false,
    ]);
    assert(!isInClosure(id!, binding));
  });
});
