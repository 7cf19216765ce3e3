import { assertEquals } from "@std/assert";
import { inTree } from "./_tree.ts";

/** The text of the declaration of `it.x`, where `it` is the last expression of `source`. */
function memberX(source: string): string | undefined {
  let text: string | undefined = "not asked";
  inTree(source, ({ shapes, all, file }) => {
    const members = all("MemberExpression").filter(({ property }) =>
      (property as { name?: string }).name === "x"
    );
    const member = shapes.member(members.at(-1)!);
    text = member && file.textOf(member);
  });
  return text;
}

Deno.test("Shapes.member() finds what a class or an object declares", () => {
  const sources: Record<string, string | undefined> = {
    "class A { x = 1; y() { this.x; } }": "x = 1;",
    "class A { #x = 1; y(a) { a.#x; } }": "#x = 1;",
    "class A { #x = 1; y() { class B { z(a) { a.#x; } } } }": "#x = 1;",
    "class A { 'x' = 1; y() { (() => this.x)(); } }": "'x' = 1;",
    "class A { constructor(readonly x = 1) {} y() { this.x; } }": "readonly x = 1",
    "class A { static x = 1; } A.x;": "static x = 1;",
    "class A { x() {} } new A().x;": "x() {}",
    "class A { x() {} } function f(a: A) { a.x; }": "x() {}",
    "class A { x() {} } function f(a = new A()) { a.x; }": "x() {}",
    "class A { x() {} } class B { a: A; b() { this.a!.x; } }": "x() {}",
    "class A { x() {} } class B { get a(): A { return b; } c() { this.a.x; } }": "x() {}",
    "class A { x() {} } class B { constructor(readonly a: A) {} b() { this.a.x; } }": "x() {}",
    "class A { x() {} } const f = async () => new A(); async () => (await f()).x;": "x() {}",
    "const a = { x: 1 }; a.x;": "x: 1",
    "interface A { x: B } function f(a: A) { a.x; }": "x: B",
    "type A = { x: B }; function f(a: A) { a.x; }": "x: B",
    "function f(a: { b: { x: B } }) { a.b.x; }": "x: B",
    "function f({ a }: { a: { x: B } }) { a.x; }": "x: B",
    "const a = { b: { x: 1 } }; a.b.x;": "x: 1",
    "const a = { x: 1, y() { this.x; } };": "x: 1",
    "function f() { return { x: 1 }; } f().x;": "x: 1",
    "function f() { if (a) return b; return { x: 1 }; } f().x;": undefined,
    "class A { x = 1; y() { function f() { this.x; } } }": undefined,
    "class A {} new A().x;": undefined,
    "a.x;": undefined,
    "const a = a; a.x;": undefined,
  };
  for (const [source, text] of Object.entries(sources)) {
    assertEquals(memberX(source), text, source);
  }
});

Deno.test("Shapes.functionOf() finds functions by their names, and not by those of parameters", () => {
  const sources: Record<string, boolean> = {
    "function f() {} f();": true,
    "const f = () => 1; f();": true,
    "const f = function () {}; f();": true,
    "const a = { f() {} }; a.f();": true,
    "class A { static f() {} } A.f();": true,
    "(() => 1)();": true,
    "const { f } = { f: () => 1 }; f();": true,
    "function g(f) { f(); }": false,
    "let f = () => 1; f();": false,
    "class A { get f() { return 1; } g() { this.f(); } }": false,
    "class A { constructor(readonly f: B) {} g() { this.f(); } }": false,
    "const { f } = a; f();": false,
    "interface A { f(): void } function g({ f }: A) { f(); }": false,
    "f();": false,
  };
  for (const [source, isFound] of Object.entries(sources)) {
    inTree(source, ({ shapes, file }) => {
      const found = shapes.functionOf(file.calls.at(-1)!.callee);
      assertEquals(found !== undefined, isFound, source);
    });
  }
});
