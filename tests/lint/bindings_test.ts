import { assert, assertEquals } from "@std/assert";
import { isOfModule } from "../../src/lint/bindings.ts";
import { inTree } from "./_tree.ts";

/** For each `x` of `source`: the type of the scope that declares it; `""` for none. */
function scopesOfX(source: string): string[] {
  const scopes: string[] = [];
  inTree(source, ({ bindings, identifiers }) => {
    for (const id of identifiers("x")) scopes.push(bindings.resolve(id)?.scope.type ?? "");
  });
  return scopes;
}

Deno.test("Bindings.resolve() finds the innermost declaration", () => {
  const source = "const x = 1; function f(x) { x; { let x; x; } } x;";
  assertEquals(scopesOfX(source), [
    "Program",
    "FunctionDeclaration", // Deno visits a body before its parameters.
    "BlockStatement",
    "BlockStatement",
    "FunctionDeclaration",
    "Program",
  ]);
});

Deno.test("Bindings.resolve() knows every way to declare a name", () => {
  const ways: Record<string, string> = {
    'import x from "a"; x;': "Program",
    'import * as x from "a"; x;': "Program",
    'import { y as x } from "a"; x;': "Program",
    "class x {} x;": "Program",
    "enum x {} x;": "Program",
    "namespace n { interface x {} type t = x; }": "TSModuleBlock",
    "function f() { if (a) { var x; } x; }": "FunctionDeclaration",
    "try {} catch (x) { x; }": "CatchClause",
    "for (const x of y) x;": "ForOfStatement",
    "switch (a) { case 1: let x; x; }": "SwitchStatement",
    "(({ y: [x = 1] }) => x);": "ArrowFunctionExpression",
    "class A { constructor(readonly x: B) { x; } }": "FunctionExpression",
    "const { ...x } = y; x;": "Program",
    "class A { static { const x = 1; x; } }": "BlockStatement",
  };
  for (const [source, scope] of Object.entries(ways)) {
    assertEquals(scopesOfX(source), [scope, scope], source);
  }
});

Deno.test("Bindings.resolve() takes a computed key and a default inside a pattern as uses", () => {
  const source = "const x = 1; { const { [x]: y, z = x } = a; } x;";
  assertEquals(scopesOfX(source), ["Program", "Program", "Program", "Program"]);
});

Deno.test("Bindings.resolve() ignores the names of members, properties and labels", () => {
  const source =
    "const y = { x: 1 }; y.x; x: for (;;) break x; class A { x = 1; } export { y as x };";
  assertEquals(scopesOfX(source), ["", "", "", "", "", ""]);
});

Deno.test("a binding lists its uses and assignments, shorthand properties too", () => {
  inTree("let x = 1; x = 2; f({ x }); y.x; export { x };", ({ bindings, identifiers }) => {
    const binding = bindings.resolve(identifiers("x")[0]!)!;
    assertEquals(binding.references.map(({ parent }) => parent.type), [
      "AssignmentExpression",
      "Property",
      "ExportSpecifier",
    ]);
    assert(isOfModule(binding));
  });
});

Deno.test("Bindings.named() lists every identifier of a name, and private ones by a name with #", () => {
  inTree("const x = y.x; class A { #x = x; y() { return this.#x; } }", ({ bindings }) => {
    const parents = (name: string) => bindings.named(name).map(({ parent }) => parent.type);
    assertEquals(parents("x"), ["VariableDeclarator", "MemberExpression", "PropertyDefinition"]);
    assertEquals(parents("#x"), ["PropertyDefinition", "MemberExpression"]);
    assertEquals(parents("z"), []);
  });
});
