import { assertEquals } from "@std/assert";
import { Elements } from "../../src/lint/elements.ts";
import { inTree } from "./_tree.ts";

/** The types of the elements of `all` and of `it`, as they are written. */
function typesIn(source: string): [all: string | undefined, it: string | undefined] {
  let types: [string | undefined, string | undefined] = [undefined, undefined];
  inTree(source, ({ bindings, file, identifiers, shapes }) => {
    const elements = new Elements(bindings, shapes);
    const [it] = identifiers("it");
    const found = [
      elements.typeIn(identifiers("all").at(-1)),
      it && elements.typeOfEach(it),
    ];
    types = found.map((type) => type && file.textOf(type)) as typeof types;
  });
  return types;
}

Deno.test("Elements.typeIn() finds types by annotations and by type arguments of `new`", () => {
  const sources = {
    "let all: A[];": "A",
    "let all: readonly A[];": "A",
    "let all: undefined | Set<A>;": "A",
    "let all: ReadonlyMap<string, A>;": "A",
    "let all: Record<string, A>;": "A",
    "const all = new Map<string, A>();": "A",
    "let b: A[]; const all = [...b.filter(c)];": "A",
    "class B { b: A[] = []; constructor(readonly c: A[]) { const all = this.b; } }": "A",
    "class B { constructor(readonly c: A[]) { const all = this.c; } }": "A",
    "let all: Promise<A>;": undefined,
    "const all = new Cache<A>();": undefined,
    "const all = all;": undefined,
  };
  for (const [source, type] of Object.entries(sources)) {
    assertEquals(typesIn(source)[0], type, source);
  }
});

Deno.test("Elements.typeOfEach() finds types in loops and in callbacks", () => {
  const sources = {
    "for (const it of all) {}": "A",
    "for (const [key, it] of all) {}": "A",
    "for (const [it] of all) {}": undefined,
    "for (const it in all) {}": undefined,
    "all.forEach((it) => {});": "A",
    "all.reduce((sum, it) => sum, 0);": "A",
    "all.forEach((other, it) => {});": undefined,
    "all.later((it) => {});": undefined,
    "const it = all;": undefined,
  };
  for (const [source, type] of Object.entries(sources)) {
    assertEquals(typesIn(`let all: A[]; ${source}`)[1], type, source);
  }
});
