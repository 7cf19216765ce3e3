import { assertEquals } from "@std/assert";
import { Overwriting } from "../../src/lint/overwriting.ts";
import { Owners } from "../../src/lint/owners.ts";
import { inTree } from "./_tree.ts";

/** Whether the first assignment of a load in `source` may forget an older handle. */
function forgets(source: string, isFilled = false): boolean | undefined {
  let answer: boolean | undefined;
  inTree(source.replaceAll("load(", "mgr.load("), ({ flow, fields, file, shapes, find }) => {
    const call = find("CallExpression", source.includes("load(n") ? "mgr.load(n)" : "mgr.load(1)");
    const owners = new Owners(flow, fields);
    const [kept] = flow.ends({ node: call, kind: "handle" });
    if (kept?.end !== "kept") throw new Error(`Not kept: ${source}`);
    answer = new Overwriting(file, { shapes, owners }).forgets(kept, { call, isFilled });
  });
  return answer;
}

Deno.test("Overwriting finds methods that are meant to run again", () => {
  const methods: Record<string, boolean> = {
    "class A { #a; setSkin(n) { this.#a = load(n); } }": true,
    "class A { #a; async setSkin(n) { this.#a = await load(n); } }": true,
    "class A { #a; skin = (n) => { this.#a = load(n); } }": true,
    "class A { #a; equip(b) { const n = b + 1; this.#a = load(n); } }": true,
    "class A { #a; set skin(b) { this.#a = load(1); } }": true,
    "class A { #a; update() { this.#a = load(1); } }": true,
    "class A { #a; onUpdate() { this.#a = load(1); } }": true,
    "function f() { let a; return { setSkin(n) { a = load(n); } }; }": true,
    "let a; export function setSkin(n) { a = load(n); }": true,
    "let a; export const setSkin = (n) => { a = load(n); };": true,
    "class A { #a; setSkin(n) { this.#a.value; this.#a = load(n); } }": true,
    "class A { #a; setSkin(b) { if (b) this.#a = load(1); else this.#a = load(2); } }": true,
    "class A { #a; b(c) { switch (c) { case 1: this.#a = load(1); break; case 2: this.#a = d; } } }":
      true,
    "class A { #a; b(c) { if (c) this.#a = load(1); else this.#a.free(); if (!c) this.#a = d; } }":
      false,
    "class A { #a; b(c) { if (c) this.#a = load(1); } }": false,
    "class A { #a; b(n) { this.#a = load(n); } c() { this.#a = null; } }": false,
    "class A { #a; setSkin(n) { this.#a = load(n); } c() { this.#a = null; } }": true,
    "class A { #a; b(n) { this.#a = load(n); } dispose() { this.#a = null; } }": true,
    "class A { #a = []; setSkin(i, n) { this.#a[i] = load(n); } }": true,
    "class A { #a = []; spawn(i, n) { this.#a[i] = load(n); } }": false,
    "class A { #a = new Map(); setSkin(i, n) { this.#a.set(i, load(n)); } }": true,
    "class A { #a = new Map(); setUp(i, n) { this.#a.set(i, load(n)); } }": false,
    "class A { #a = new Map(); spawn(i, n) { this.#a.set(i, load(n)); } }": false,
    "class A { #a; b; go(c) { this.b = c; const n = this.b; this.#a = load(n); } }": true,
    "class A { #a; b; next() { this.b++; const n = this.b; this.#a = load(n); } }": true,
    "class A { #a; b; show() { const n = this.b; this.b++; this.#a = load(n); } }": true,
    "class A { #a; b; c() { this.b = this.b + 1; const n = this.b; this.#a = load(n); } }": true,
    "class A { #a; b; c() { this.b = 1; const n = this.b; this.#a = load(n); } }": false,
    "class A { #a; b; show() { const n = this.b; this.#a = load(n); } }": false,
    "class A { #a; init(n) { this.#a = load(n); } }": false,
    "class A { #a; onEnter(n) { this.#a = load(n); } }": false,
    "class A { #a; loadMap(n) { this.#a = load(n); } }": false,
    "class A { #a; show() { this.#a = load(1); } }": false,
    "class A { #a; constructor(n) { this.#a = load(n); } }": false,
    "class A { #a = load(1); }": false,
    "class A { #a; setSkin(n) { this.#a ??= load(n); } }": false,
    "let a; a = load(1);": false,
  };
  for (const [source, answer] of Object.entries(methods)) {
    assertEquals(forgets(source), answer, source);
  }
});

Deno.test("Overwriting finds any method, if the constructor has filled the field", () => {
  assertEquals(forgets("class A { #a; show() { this.#a = load(1); } }", true), true);
  assertEquals(forgets("class A { #a; init() { this.#a = load(1); } }", true), true);
  assertEquals(forgets("class A { #a; show() { this.#a.b(); this.#a = load(1); } }", true), false);
});

Deno.test("Overwriting accepts a method that tests, disposes or hands on the old handle", () => {
  const bodies = [
    "this.#a?.[Symbol.dispose](); this.#a = load(n);",
    "const old = this.#a; this.#a = load(n); old.free();",
    "if (this.#a) return; this.#a = load(n);",
    "if (!this.#a) this.#a = load(n);",
    "stack.use(this.#a); this.#a = load(n);",
    "this.clear(); this.#a = load(n);",
    "this.deep(); this.#a = load(n);",
    "this.inherited(); this.#a = load(n);",
    "super.swap(n); this.#a = load(n);",
  ];
  const others = "clear() { this.#a.free(); } deep() { this.clear(); } other() { this.other(); }";
  for (const body of bodies) {
    const source = `class A extends B { #a; swap(n) { ${body} } ${others} }`;
    assertEquals(forgets(source), false, body);
  }
  for (const body of ["this.other(); this.#a = load(n);", "this.#a = null; this.#a = load(n);"]) {
    assertEquals(forgets(`class A { #a; swap(n) { ${body} } ${others} }`), true, body);
  }
});
