import { assertEquals } from "@std/assert";
import { Owners } from "../../src/lint/owners.ts";
import { inTree } from "./_tree.ts";

/** Whether the value in the variable `a` is taken, and the names of all places that it goes to. */
function taken(body: string, others = ""): [boolean, string] {
  let answer: [boolean, string] = [false, "not asked"];
  inTree(`${others} function f() { const a = open(); ${body} }`, (tree) => {
    const owners = new Owners(tree.flow, tree.fields);
    const place = tree.bindings.resolve(tree.identifiers("a").at(-1)!)!;
    const held = { place, kind: "handle" as const };
    const places = [...owners.placesOf(held)].map(({ name }) => name);
    answer = [owners.isTaken(held), places.join(" ")];
  });
  return answer;
}

Deno.test("Owners.isTaken() is true if one use of a variable takes its value, under another name too", () => {
  const ways: Record<string, boolean> = {
    "a.value; console.log(a);": false,
    "a.value; keep(a);": true,
    "const b = a; return b;": true,
    "let b = a; b = b; type A = typeof a;": false,
    "let b = a, c = b; b = c; keep(c); a;": true,
    "return { a };": true,
    "return () => a.value;": false,
    "return { b: [() => { a.value; }], c() { return a.value; } };": false,
    "return { b: () => a.value, c: () => a.free() };": true,
    "return b(() => a.value);": true,
    "b.on('c', () => a.value);": true,
    "const b = () => a.value; return b;": true,
    "function g() { a.value; } a;": true,
    "b.some(() => a.value);": false,
  };
  for (const [body, answer] of Object.entries(ways)) assertEquals(taken(body)[0], answer, body);
});

Deno.test("Owners.placesOf() lists where a value goes that nothing takes", () => {
  assertEquals(taken("let b = a; const c = b; c; a;"), [false, "a b c"]);
  assertEquals(taken("show(a); a;", "function show(h) { h.value; }"), [false, "a h"]);
});

Deno.test("Owners.isTaken() is true for a value in a variable of a module or in a public field", () => {
  assertEquals(taken("m = a; a;", "let m;")[0], true);
  const classes = "class A { b; #c; set(h) { this.b = h; } hide(h) { this.#c = h; } }";
  assertEquals(taken("new A().set(a); a;", classes)[0], true);
  assertEquals(taken("const o = new A(); o.hide(a); a;", classes), [false, "a h #c"]);
});
