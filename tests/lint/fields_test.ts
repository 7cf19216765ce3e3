import { assertEquals } from "@std/assert";
import type { Field } from "../../src/lint/fields.ts";
import { inTree } from "./_tree.ts";

/** Calls `look` with the first field of the class in `source`, and with the number of its uses. */
function fieldIn(source: string, look: (field: Field | undefined, uses: number) => void): void {
  inTree(source, ({ fields, all }) => {
    const [member] = [...all("PropertyDefinition"), ...all("TSParameterProperty")];
    const field = fields.declaredBy(member!);
    look(field, field === undefined ? 0 : fields.referencesOf(field).length);
  });
}

Deno.test("Fields tells private fields from others, and finds their uses", () => {
  const sources: Record<string, [string, boolean, number]> = {
    "class A { #a; b(o) { this.#a = o.#a; } }": ["#a", true, 2],
    "class A { private a; b() { this.a; } } c.a;": ["a", true, 1],
    "class A { a; b() { this.a; } } c.a;": ["a", false, 2],
    "class A { constructor(private a: B) {} b() { this.a; } } c.a;": ["a", true, 1],
    "class A { constructor(readonly a: B) {} b() { this.a; } } c.a;": ["a", false, 2],
    "class A { private a; b(c: ResourceManager, d: A, e) { c.a; d.a; e.a; } }": ["a", true, 2],
    "class A { a; b() { this.a; this.a(); c.a(); } } new D().a; class D {}": ["a", false, 1],
    "class A { a; b() { this.a.a; } } ({}).a;": ["a", false, 1],
  };
  for (const [source, [name, isPrivate, count]] of Object.entries(sources)) {
    fieldIn(source, (field, uses) => {
      assertEquals([field?.name, field?.isPrivate, uses], [name, isPrivate, count], source);
    });
  }
});

Deno.test("Fields ignores fields that are static or have no name", () => {
  for (const source of ["class A { static a = 1; }", "class A { [Symbol.b] = 1; }"]) {
    fieldIn(source, (field) => assertEquals(field, undefined, source));
  }
});

Deno.test("a class owns public fields if it disposes others, or fills them and disposes nothing", () => {
  const dispose = "[Symbol.dispose]() { this.b[Symbol.dispose](); }";
  const sources: Record<string, boolean> = {
    [`class A { a; ${dispose} }`]: true,
    "class A { a; destroy() { this.b.destroy(); } }": true,
    "class A { a; dispose() { this.b?.[Symbol.dispose](); } }": true,
    "class A { a; close() { stop(); } }": false,
    "class A { a; end() { this.b[Symbol.dispose](); } }": false,
    "class A { a; dispose() { b[Symbol.dispose](); } }": false,
    [`class A { protected a; ${dispose} }`]: true,
    [`export class A { protected a; ${dispose} }`]: false,
    [`class A { a; } class C extends A { ${dispose} }`]: true,
    [`class A { a; } class C extends A { b() { keep(this); } ${dispose} }`]: false,
    "class A { a = open(); }": true,
    "export class A { a; b() { this.a = open(); } }": true,
    "class A { a; b() { this.a = open(); } } class C extends A { d() { this.a = open(); } }": true,
    "class A { a; b() { this.a = open(); } } c.a = open();": false,
    "class A { a; b(c) { this.a = c; } }": false,
    "class A { a; b() { this.a = open(); } dispose() { stop(); } }": false,
    "class A implements Scene { a; b() { this.a = open(); } }": false,
    "class A implements Disposable { a; b() { this.a = open(); } }": true,
    "class A { a; b() { this.a = open(); keep(this); } }": false,
    "class A extends B { a; b() { this.a = open(); } }": false,
    [`class A extends B { a; ${dispose} }`]: false,
    [`class A { a; ${dispose} b() { keep(this); } }`]: false,
    "class A { #a; b(c) { this[c]; keep(this); } }": true,
    "class A { private a; b() { keep(this); } }": true,
    "class A { private a; b(c) { this[c].free(); } }": false,
    "class A { private a; b() { for (const c of Object.values(this)) c.free(); } }": false,
    "class A { private a; b() { const { a } = this; a.free(); } }": false,
    "class A { private a; b(c) { const { a } = c; a.free(); } }": false,
    "class A { private a; b(c: Handle<D>) { const { a } = c; a.free(); } }": true,
    "class A { private a; b({ a }: { a: string }) { a.free(); } }": true,
    "class A { private a; b({ a }: A) { a.free(); } }": false,
    "class A { a; b() { this.a = open(); } c({ a }: { a: D }) { a.free(); } }": false,
    'import { d } from "e"; class A { a; b() { this.a = open(); d.a = 1; } }': true,
  };
  for (const [source, isOwned] of Object.entries(sources)) {
    fieldIn(source, (field) => assertEquals(field?.isOwned, isOwned, source));
  }
});
