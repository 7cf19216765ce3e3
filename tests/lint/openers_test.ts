import { assertEquals } from "@std/assert";
import { inTree } from "./_tree.ts";

/** What a call of `it` opens, if it does. */
function openedByIt(source: string): string | undefined {
  let opened: string | undefined = "not asked";
  inTree(`declare const mgr: ResourceManager; ${source}`, ({ kinds, file }) => {
    opened = kinds.opened(file.calls.at(-1)!);
  });
  return opened;
}

Deno.test("Openers.kindOf() finds functions that return what they open, and says what a call returns", () => {
  const functions = Object.entries({
    "function it() { return mgr.load(a, B); } it();": "handle",
    "function it() { return mgr.load(a, B)! as C; } it();": "handle",
    "const it = () => mgr.get(a, B); it();": "handle",
    "const it = function () { return mgr.scope(); }; it();": "scope",
    "function it() { return mgr.loadAsync(a, B); } it();": "task",
    "async function it() { return mgr.loadAsync(a, B); } it();": "promise",
    "async function it() { return await mgr.loadAsync(a, B); } it();": "promise",
    "const it = async () => await mgr.loadAll({}); it();": "bundle task",
    "function it() { if (a) return; return mgr.load(a, B); } it();": "handle",
    "function it(a) { if (a) return mgr.load(a, B); return mgr.load(b, B); } it();": "handle",
    "function deep() { return mgr.load(a, B); } function it() { return deep(); } it();": "handle",
    "class A { #it() { return mgr.load(a, B); } b() { this.#it(); } }": "handle",
    "class A { it = () => mgr.load(a, B); b() { this.it(); } }": "handle",
    "class A { it() { return mgr.load(a, B); } } function b(a: A) { a.it(); }": "handle",
    "const a = { it: () => mgr.load(a, B) }; a.it();": "handle",
    "function it() { return mgr.get(a, B) ?? mgr.load(c, B); } it();": "handle",
    "function it(a) { return a ? mgr.load(b, C) : undefined; } it();": "handle",
    "function it(a) { return a ? mgr.load(b, C) : it(!a); } it();": "handle",
    "function it() { const a = mgr.load(b, C); a.value; return a; } it();": "handle",
    "function it() { let a = mgr.get(b, C); if (!a) a = mgr.load(b, C); return a; } it();":
      "handle",
    "function it(n) { return n.map((a) => mgr.load(a, B)); } it();": "handles",
    "function it() { return [mgr.load(a, B), mgr.load(b, B)]; } it();": "handles",
    "function it(n) { const a = []; for (b of n) a.push(mgr.load(b, C)); return a; } it();":
      "handles",
    "function it() { return { a: mgr.load(a, B), n: 1 }; } it();": "record",
  });
  for (const [source, kind] of functions) assertEquals(openedByIt(source), kind, source);
});

Deno.test("Openers.kindOf() ignores functions that may return a handle with another owner", () => {
  const functions = [
    "function it(a) { return a ?? mgr.load(b, C); } it();",
    "function it(a) { if (a) return a; return mgr.load(b, C); } it();",
    "function it() { return this.a = mgr.load(b, C); } it();",
    "function it() { const a = mgr.load(b, C); all.push(a); return a; } it();",
    "function* it() { return mgr.load(a, B); } it();",
    "function it() { return () => mgr.load(a, B); } it();",
    "async function it() { return mgr.scope(); } it();",
    "class A { it() { return mgr.load(a, B); } } b.it();",
    "class A { it() { return mgr.load(a, B); } } function b(it: A) { it(); }",
    "function b(it) { return mgr.load(a, B); it(); }",
    "function it() { return { a: mgr.load(a, B), b() {} }; } it();",
    "function it() { const a = mgr.load(b, C); later(() => a); return a; } it();",
    "function it() { var a = a; return a; } it();",
    "class A { get it() { return 1; } b() { this.other(); } }",
    "let it; it();",
  ];
  for (const source of functions) assertEquals(openedByIt(source), undefined, source);
});
