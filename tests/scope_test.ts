import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ResourceScope, ResourceTypeError } from "../mod.ts";
import { bench, Other, Thing } from "./_thing.ts";

const FILES = { "a.thing": "", "b.thing": "", "c.thing": "" };

Deno.test("ResourceScope disposes what it loaded in reverse order, with all else that it holds", () => {
  using b = bench(FILES);
  {
    using scope = b.mgr.scope("level 1");
    assertInstanceOf(scope, DisposableStack);
    assertEquals(scope.label, "level 1");
    scope.load("a.thing", Thing);
    scope.defer(() => b.loader.log.push("deferred"));
    scope.load("b.thing", Thing);
  }
  assertEquals(b.loader.log, ["+a.thing", "+b.thing", "-b.thing", "deferred", "-a.thing"]);
});

Deno.test("ResourceScope.load() gives a handle that may be disposed early", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  scope.load("a.thing", Thing)[Symbol.dispose]();
  assertEquals([b.mgr.size, scope.label], [0, ""]);
});

Deno.test("ResourceScope.load() throws when the scope is disposed, and loads nothing", () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("old");
  scope.dispose();
  assertThrows(
    () => scope.load("a.thing", Thing),
    ReferenceError,
    'Cannot load "a.thing": the scope "old" is disposed',
  );
  assertEquals(b.loader.log, []);
});

Deno.test("ResourceScope.load() that fails leaves the scope as it was", () => {
  using b = bench(FILES);
  using scope = b.mgr.scope();
  scope.load("a.thing", Thing);
  assertThrows(() => scope.load("a.thing", Other), ResourceTypeError);
  assertEquals(b.mgr.cacheStats().totalReferences, 1);
});

Deno.test("ResourceScope.move() hands everything over to a scope with the same label", () => {
  using b = bench(FILES);
  let moved: ResourceScope;
  {
    using scope = b.mgr.scope("loading");
    scope.load("a.thing", Thing);
    moved = scope.move();
    assert(scope.disposed);
  }
  assertInstanceOf(moved, ResourceScope);
  moved.load("a.thing", Thing);
  assertEquals(b.mgr.holders("a.thing"), [{ label: "loading", handles: 2, manual: 0, stacks: [] }]);
  moved.dispose();
  assertEquals(b.mgr.size, 0);
  assertThrows(() => moved.move(), ReferenceError);
});

Deno.test("ResourceScope chains what several resources throw when it is disposed", () => {
  using b = bench(FILES);
  b.loader.stubborn.add("a.thing").add("b.thing");
  const scope = b.mgr.scope();
  for (const name of Object.keys(FILES)) scope.load(name, Thing);
  const error = assertThrows(() => scope.dispose(), SuppressedError);
  assertEquals([error.error.message, error.suppressed.message], [
    "a.thing is stubborn",
    "b.thing is stubborn",
  ]);
  assertEquals(b.mgr.size, 0);
});
