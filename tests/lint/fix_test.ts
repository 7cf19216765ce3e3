import { assertEquals } from "@std/assert";
import { Fixes } from "../../src/lint/fix.ts";
import { Uses } from "../../src/lint/uses.ts";
import { inTree } from "./_tree.ts";

const OTHERS = `
  function read(t) { return t.width * 2; }
  function store(t) { all.push(t); }
  async function wait(t) { await 0; t.width; }`;

/** The text of the fix for the variable that `call` goes into. */
function fixOf(source: string, call: string): string | undefined {
  let text: string | undefined = "not asked";
  inTree(`${OTHERS} async (mgr: ResourceManager) => { ${source} }`, (tree) => {
    const { bindings, flow, kinds, find } = tree;
    const fixes = new Fixes(bindings, new Uses(bindings, tree));
    const node = find("CallExpression", call);
    const value = { node, kind: kinds.opened(node)! };
    const [end] = flow.ends(value);
    text = end?.end === "kept" ? fixes.forDeclarator(end.by, value)?.text : undefined;
  });
  return text;
}

Deno.test("Fixes.forDeclarator() fixes a single variable of a block that is never assigned again", () => {
  const load = "mgr.load(name, B)";
  assertEquals(fixOf(`let a = ${load}; a.key;`, load), "using");
  assertEquals(fixOf(`const a = ${load}; a.key;`, load), "using");
  assertEquals(fixOf(`let a = ${load}; a = b;`, load), undefined);
  assertEquals(fixOf(`var a = ${load}; a.key;`, load), undefined);
  assertEquals(fixOf(`const a = ${load}, b = a.key;`, load), undefined);
  assertEquals(fixOf(`const a = b && ${load}; a.key;`, load), undefined);
  assertEquals(fixOf(`for (const a = ${load}; ;) a.key;`, load), undefined);
  assertEquals(fixOf(`switch (b) { case 1: const a = ${load}; a.key; }`, load), undefined);
});

Deno.test("Fixes.forDeclarator() does not fix a handle that is loaded or added ahead of time", () => {
  assertEquals(fixOf("const a = mgr.load(b, C);", "mgr.load(b, C)"), undefined);
  assertEquals(fixOf("const a = mgr.add(b, c); a.value.width;", "mgr.add(b, c)"), undefined);
  assertEquals(fixOf("const a = mgr.loadAsync(b, C);", "mgr.loadAsync(b, C)"), undefined);
});

Deno.test("Fixes.forDeclarator() fixes a handle whose value is only read", () => {
  const load = "mgr.load(name, B)";
  for (
    const uses of [
      "a.value.width + 1; a.key; a.clone();",
      "return a.value.width;",
      "draw(a.value); ctx.drawImage(a.value, 0, 0); a.value.draw();",
      "console.log(a.value); assertEquals(a.value, b);",
      "const { width, size: { w } } = a.value; draw(width, w);",
      "for (const each of a.value) draw(each);",
      "const b = c ? a.value : undefined; if (b) draw(b); await draw(b);",
      "draw(a.value.trim().split('/'));",
      "return [...a.value];",
      "b.c = { ...a.value };",
      "b.c = structuredClone(a.value); d.push(JSON.stringify(a.value), Array.from(a.value));",
      "return `${a.value}`;",
      "names.forEach((name) => draw(name, a.value));",
      "return read(a.value) > 1;",
      "a.weak();",
    ]
  ) assertEquals(fixOf(`const a = ${load}; ${uses}`, load), "using", uses);
});

Deno.test("Fixes.forDeclarator() does not fix a handle whose value may be used after the block", () => {
  const load = "mgr.load(name, B)";
  for (
    const uses of [
      "return a.value;",
      "return a.value.frames;",
      "return draw(a.value);",
      "b.c = a.value;",
      "b.c = a.value.frames;",
      "new Sprite(a.value);",
      "b.push(a.value);",
      "b.addChild(a.value);",
      "b.setTexture(a.value);",
      "createSprite(a.value);",
      "store(a.value);",
      "wait(a.value);",
      "drawLater(a.value);",
      "b.drawQueue(a.value);",
      "a.value.play();",
      "a.value.frames.forEach((frame) => b.add(frame));",
      "a.value.x = 1;",
      "a.value.n++;",
      "const b = draw(a.value); c = b;",
      "const b = a.value; later(() => b);",
      "const { ...b } = a.value;",
      "for (b of a.value) draw(b);",
      "const [b] = a.value;",
      "b({ c: a.value });",
      "b = [a.value];",
      "gl`${a.value}`;",
      "a[name];",
      "later(() => a.value);",
    ]
  ) assertEquals(fixOf(`const a = ${load}; ${uses}`, load), undefined, uses);
});

Deno.test("Fixes.forDeclarator() ends when variables are assigned in a circle", () => {
  const load = "mgr.load(name, B)";
  assertEquals(fixOf(`const a = ${load}; var b = b || a.value; draw(b);`, load), "using");
  assertEquals(fixOf(`const a = ${load}; var b = c || a.value, c = b; d.e = c;`, load), undefined);
});

Deno.test("Fixes.forDeclarator() fixes a scope whose handles and tasks end with the block", () => {
  const scope = "mgr.scope()";
  const fixed = (uses: string) => fixOf(`const s = ${scope}; ${uses}`, scope) !== undefined;
  assertEquals(fixed("const b = s.load(c, D); draw(b.value, s.label);"), true);
  assertEquals(fixed("s.defer(b); draw((await s.loadAsync(a, B)).value);"), true);
  assertEquals(fixed("const b = await s.loadAll({}); draw(b.c.value);"), true);
  assertEquals(fixed("s.load(a, B);"), false);
  assertEquals(fixed("s.loadAsync(a, B);"), false);
  assertEquals(fixed("await s.loadAsync(a, B);"), false);
  assertEquals(fixed("s.use(mgr.load(a, B));"), false);
  assertEquals(fixed("this.b = s.load(a, B);"), false);
});
