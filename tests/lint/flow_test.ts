import { assert, assertEquals } from "@std/assert";
import { isInClosure } from "../../src/lint/flow.ts";
import type { Kind } from "../../src/lint/kind.ts";
import type { End } from "../../src/lint/places.ts";
import { inTree } from "./_tree.ts";

/** An end in short: `taken`, `lost`, the name of a place, or those of several in brackets. */
function nameOf(end: End): string {
  switch (end.end) {
    case "kept":
      return `${end.place.name}: ${end.kind}`;
    case "parts":
      return `[${end.parts.flatMap(({ ends }) => ends.map(nameOf)).join(", ")}]`;
    default:
      return end.end;
  }
}

/** Where `open()` ends up in the body of a function, of which the file may have others. */
function endsOf(body: string, kind: Kind = "handle"): string {
  let ends: string[] = ["not asked"];
  const others = "function look(h) { h.value; } function keep(h) { all.push(h); }";
  inTree(`${others} async function* f(n) { ${body} }`, ({ flow, find }) => {
    const node = find("CallExpression", "open()");
    ends = flow.ends({ node, kind }).map(nameOf).sort();
  });
  return ends.join(" ");
}

function assertEnds(ends: Readonly<Record<string, string>>, kind?: Kind): void {
  for (const [body, end] of Object.entries(ends)) assertEquals(endsOf(body, kind), end, body);
}

Deno.test("Flow.ends() follows a value through expressions", () => {
  assertEnds({
    "a(b ? c : (d, open()!) ?? e);": "taken",
    "a[open()];": "lost",
    "open() || a;": "lost",
    "return open() || a;": "taken",
    "const a = b && open();": "a: handle",
    "let a; b = a = open();": "a: handle taken",
    "let a; (a = open()).value;": "a: handle lost",
    "b = open();": "taken",
    "for (open(); ;) {}": "lost",
    "delete open().value;": "lost",
    "open()[Symbol.dispose]();": "taken",
    "open().later;": "taken",
    "await using a = open();": "taken",
    "super_(open());": "taken",
    "assertEquals(open(), a);": "lost",
    "assertEquals(open(), undefined);": "taken",
    "look(open());": "h: handle",
    "look(...b, open());": "taken",
    "(() => open())().value;": "lost",
    "(async () => open())();": "lost",
    "const a = useMemo(() => open(), []);": "a: handle",
    "const a = { b: open(), c: 1 };": "a: record",
    "const a = { b: open(), c() {} };": "taken",
  });
});

Deno.test("Flow.ends() follows a value through patterns, and each of its parts", () => {
  assertEnds({
    "const { value: { width } } = open();": "lost",
    "const { [Symbol.dispose]: give } = open();": "taken",
    "const { ...all } = open();": "taken",
    "const [a] = open();": "taken",
    "const [a, b] = await Promise.all([1, open()]);": "b: handle",
    "const [, b] = await Promise.all([1, open()]);": "taken",
    "const [a] = await Promise.all([...b, open()]);": "taken",
    "const [a] = await Promise.race([open()]);": "taken",
    "const { a = open() } = b;": "a: handle",
  });
  assertEnds({
    "const { a, b: c = d } = open();": "[a: handle, c: handle]",
    "const { a: { value } } = open();": "[lost]",
    "const { a, ...b } = open();": "taken",
    "const a = open().b;": "a: handle",
    "open()[n];": "taken",
  }, "bundle");
});

Deno.test("Flow.ends() follows a promise to its callback, and what the callback returns", () => {
  assertEnds({
    "open().then((h) => h.value);": "h: handle",
    "open().then(({ value }) => value);": "lost",
    "open().then(() => 1);": "lost",
    "open().then(look);": "h: handle",
    "open().then(b);": "taken",
    "open().catch(b).finally(c);": "lost",
    "const a = open().then(undefined, b);": "a: promise",
    "const a = await open();": "a: handle",
    "const a = Promise.all([open()]);": "a: promise of handles",
    "await Promise.all([open()]);": "lost",
    "const a = b.map(async () => await open());": "a: tasks",
  }, "task");
  assertEnds({ "const a = b.then(() => open());": "a: promise" });
});

Deno.test("Flow.ends() follows a value into collections, and out of them", () => {
  assertEnds({
    "const a = []; a.push(open());": "a: handles",
    "const a = new Map(); a.set(1, open());": "a: handles",
    "const a = {}; a[n] = open();": "a: handles",
    "a.push(open());": "taken",
    "const a = n.map(() => open());": "a: handles",
    "const a = new Map(n.map((b) => [b, open()]));": "a: handles",
    "n.forEach(() => open());": "lost",
    "n.map(() => { return open(); });": "lost",
  });
  assertEnds({
    "open().length;": "lost",
    "open()[0].value;": "lost",
    "open().at(0)[Symbol.dispose]();": "taken",
    "open().filter((h) => h.value).length;": "h: handle lost",
    "open().forEach((h) => h.value);": "h: handle",
    "open().forEach(b);": "taken",
    "open().reduce((sum, h) => sum, 0);": "h: handle",
    "open().custom();": "taken",
    "for (const h of open()) n;": "h: handle",
    "for (const [k, h] of open()) n;": "h: handle",
    "for (const [, h] of open()) n;": "taken",
    "for (using h of open()) n;": "taken",
    "const [a, b] = open();": "[a: handle, b: handle]",
    "const a = [...open()];": "a: handles",
    "b(...open());": "taken",
    "const a = Object.values(open());": "a: handles",
  }, "handles");
});

Deno.test("isInClosure() checks the functions between a use and the variable's block", () => {
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
