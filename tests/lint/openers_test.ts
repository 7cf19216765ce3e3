import { assertEquals } from "@std/assert";
import { Kinds } from "../../src/lint/kinds.ts";
import { findOpeners } from "../../src/lint/openers.ts";
import { inTree } from "./_tree.ts";

/** What a call of `it` opens, if it does. */
function openedByIt(source: string): string | undefined {
  let opened: string | undefined = "not asked";
  inTree(`declare const mgr: ResourceManager; ${source}`, ({ bindings, all }) => {
    const kinds = new Kinds(bindings, true);
    const calls = all("CallExpression");
    findOpeners(kinds, { calls, returns: all("ReturnStatement") });
    opened = kinds.opened(calls.at(-1)!);
  });
  return opened;
}

Deno.test("findOpeners() finds functions that return what they open, and says what a call gives", () => {
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
  });
  for (const [source, kind] of functions) assertEquals(openedByIt(source), kind, source);
});

Deno.test("findOpeners() finds no function that may return what another owns", () => {
  const functions = [
    "function it(a) { return a ?? mgr.load(b, C); } it();",
    "function it(a) { if (a) return a; return mgr.load(b, C); } it();",
    "function it() { return this.a = mgr.load(b, C); } it();",
    "function it() { const a = mgr.load(b, C); all.push(a); return a; } it();",
    "function* it() { return mgr.load(a, B); } it();",
    "function it() { return () => mgr.load(a, B); } it();",
    "async function it() { return mgr.scope(); } it();",
    "class A { it() { return mgr.load(a, B); } } b.it();",
    "class A { get it() { return 1; } b() { this.other(); } }",
    "let it; it();",
  ];
  for (const source of functions) assertEquals(openedByIt(source), undefined, source);
});
