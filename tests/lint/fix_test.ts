import { assertEquals } from "@std/assert";
import { Fixes } from "../../src/lint/fix.ts";
import { Flow } from "../../src/lint/flow.ts";
import { Kinds } from "../../src/lint/kinds.ts";
import { inTree } from "./_tree.ts";

/** The texts of the fixes for a statement and for a declarator. */
function fixesOf(source: string, call: string): (string | undefined)[] {
  let texts: (string | undefined)[] = [];
  inTree(`async (mgr: ResourceManager) => { ${source} }`, ({ bindings, find }) => {
    const kinds = new Kinds(bindings, true);
    const flow = new Flow(bindings);
    const fixes = new Fixes(bindings, kinds, flow);
    const value = {
      node: find("CallExpression", call),
      kind: kinds.opened(find("CallExpression", call))!,
    };
    const to = flow.destination(value);
    texts = [
      fixes.forStatement(value)?.text,
      to.end === "variable" ? fixes.forDeclarator(to.by, value)?.text : undefined,
    ];
  });
  return texts;
}

Deno.test("Fixes.forStatement() takes a name that is free", () => {
  assertEquals(fixesOf("const _handle = 1; mgr.load(a, B);", "mgr.load(a, B)"), [
    "using _handle2 = ",
    undefined,
  ]);
  inTree("{ mgr.load(a, B); hero.clone(); }", ({ bindings, find }) => {
    const kinds = new Kinds(bindings, true);
    const fixes = new Fixes(bindings, kinds, new Flow(bindings));
    const calls = ["mgr.load(a, B)", "hero.clone()"].map((text) => find("CallExpression", text));
    const edits = calls.map((node) => fixes.forStatement({ node, kind: "handle" }));
    assertEquals(edits, [
      { range: [2, 2], text: "using _handle = " },
      { range: [18, 18], text: "using _handle2 = " },
    ]);
  });
});

Deno.test("Fixes.forDeclarator() is for one variable of a block that is never assigned again", () => {
  const load = "mgr.load(name, B)";
  assertEquals(fixesOf(`let a = ${load};`, load), [undefined, "using"]);
  assertEquals(fixesOf(`let a = ${load}; a = b;`, load), [undefined, undefined]);
  assertEquals(fixesOf(`var a = ${load};`, load), [undefined, undefined]);
  assertEquals(fixesOf(`const a = ${load}, b = 1;`, load), [undefined, undefined]);
  assertEquals(fixesOf(`const a = b && ${load};`, load), [undefined, undefined]);
  assertEquals(fixesOf(`for (const a = ${load}; ;) {}`, load), [undefined, undefined]);
});

Deno.test("Fixes.forDeclarator() is not for a handle whose value may be used after the block", () => {
  const load = "mgr.load(name, B)";
  const fixed = (uses: string) => fixesOf(`const a = ${load}; ${uses}`, load)[1] !== undefined;
  for (
    const uses of [
      "a.value.width + 1; a.key; a.clone();",
      "draw(a.value); a.value.x = 1; a.value.n++;",
      "const { width, size: { w } } = a.value; b(width, w);",
      "for (const each of a.value) draw(each);",
      "const b = c ? a.value : undefined; if (b) draw(b); await draw(b);",
      "gl`${a.value}`; a.weak();",
    ]
  ) assertEquals(fixed(uses), true, uses);
  for (
    const uses of [
      "return a.value;",
      "return a.value.frames;",
      "return draw(a.value);",
      "b.c = a.value;",
      "new Sprite(a.value);",
      "b.push(a.value);",
      "const b = draw(a.value); c = b;",
      "const b = a.value; later(() => b);",
      "const { ...b } = a.value;",
      "for (b of a.value) draw(b);",
      "const [b] = a.value;",
      "a[name];",
    ]
  ) assertEquals(fixed(uses), false, uses);
});

Deno.test("Fixes.forDeclarator() is for a scope whose handles and tasks end with the block", () => {
  const scope = "mgr.scope()";
  const fixed = (uses: string) => fixesOf(`const s = ${scope}; ${uses}`, scope)[1] !== undefined;
  assertEquals(fixed("s.load(a, B); const b = s.load(c, D); draw(b.value, s.label);"), true);
  assertEquals(fixed("s.use(mgr.load(a, B)); s.defer(b); await s.loadAsync(a, B);"), true);
  assertEquals(fixed("s.loadAsync(a, B);"), false);
  assertEquals(fixed("this.b = s.load(a, B);"), false);
  assertEquals(fixed("const b = await s.loadAll({}); draw(b.c.value);"), true);
});
