import { assert, assertEquals } from "@std/assert";
import {
  callOf,
  isDiscarding,
  isNothing,
  isSynchronous,
  lastNameOf,
  parentOf,
  propertyOf,
  unwrap,
} from "../../src/lint/syntax.ts";
import { inTree } from "./_tree.ts";

Deno.test("lastNameOf() sees through casts and chains", () => {
  inTree("a; b.c; this.#d; e!.f; (g as H).i; j['k']; l[m]; n();", ({ find }) => {
    const names = [
      ...["a"].map((text) => lastNameOf(find("Identifier", text))),
      ...["b.c", "this.#d", "e!.f", "(g as H).i", "j['k']", "l[m]"].map((text) =>
        lastNameOf(find("MemberExpression", text))
      ),
      lastNameOf(find("CallExpression", "n()")),
    ];
    assertEquals(names, ["a", "c", "d", "f", "i", "k", undefined, undefined]);
  });
});

Deno.test("propertyOf() tells private members from others, and has no name for a symbol", () => {
  inTree("class A { #b; c() { a[Symbol.dispose]; a[1]; a.#b; a['b']; } }", ({ find }) => {
    const names = ["a[Symbol.dispose]", "a[1]", "a.#b", "a['b']"].map((text) =>
      propertyOf(find("MemberExpression", text))
    );
    assertEquals(names, [undefined, undefined, "#b", "b"]);
  });
});

Deno.test("isNothing() is true only for undefined and null", () => {
  inTree("f(undefined, null, 0, '', /a/, x);", ({ find }) => {
    const call = find("CallExpression", "f(undefined, null, 0, '', /a/, x)");
    assertEquals(call.arguments.map(isNothing), [true, true, false, false, false, false]);
  });
});

Deno.test("unwrap() removes all casts, and callOf() ignores them", () => {
  inTree("(a as B)!.c(); d.e;", ({ find }) => {
    assertEquals(unwrap(find("TSNonNullExpression", "(a as B)!")).type, "Identifier");
    const call = callOf(find("MemberExpression", "(a as B)!.c"));
    assert(call === find("CallExpression", "(a as B)!.c()"));
    assertEquals(callOf(find("MemberExpression", "d.e")), undefined);
  });
});

Deno.test("isSynchronous() is true for callbacks that run at once, and not for asynchronous ones", () => {
  inTree("a.map(() => 1); a.map(async () => 2); a.then(() => 3); (() => 4)();", ({ find }) => {
    const texts = ["() => 1", "async () => 2", "() => 3", "() => 4"];
    const answers = texts.map((text) => isSynchronous(find("ArrowFunctionExpression", text)));
    assertEquals(answers, [true, false, false, true]);
  });
});

Deno.test("isDiscarding() is true for callbacks whose result is ignored", () => {
  inTree("a.forEach(() => 1); setTimeout(() => 2, 5); a.map(() => 3); b = () => 4;", ({ find }) => {
    const texts = ["() => 1", "() => 2", "() => 3", "() => 4"];
    const answers = texts.map((text) => isDiscarding(find("ArrowFunctionExpression", text)));
    assertEquals(answers, [true, true, false, false]);
  });
});

Deno.test("parentOf() ends at the program", () => {
  inTree("a;", ({ find }) => {
    const program = parentOf(find("ExpressionStatement", "a;"))!;
    assertEquals([program.type, parentOf(program)], ["Program", undefined]);
  });
});
