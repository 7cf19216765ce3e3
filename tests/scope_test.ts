import { assert, assertEquals, assertInstanceOf, assertMatch, assertThrows } from "@std/assert";
import { MemorySource, ResourceManager, ResourceScope, ResourceTypeError, Text } from "../mod.ts";
import { guardAgainstLeaks } from "./_guard.ts";
import { bench, Other, Thing } from "./_thing.ts";

guardAgainstLeaks();

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
  const unnamed = b.mgr.scope();
  unnamed.dispose();
  assertThrows(() => unnamed.load("a.thing", Thing), ReferenceError, ": the scope is disposed");
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

Deno.test("ResourceScope.escaped() lists what was cloned from its own handles and is still open", async () => {
  using b = bench(FILES);
  const scope = b.mgr.scope("level 1");
  const own = scope.load("a.thing", Thing);
  const clone = own.clone();
  using second = clone.clone();
  using _other = b.mgr.load("b.thing", Thing);
  const task = scope.loadAsync("c.thing", Thing);
  const third = (await task).clone();
  const names = () => scope.escaped().map(({ key, type }) => `${key}: ${type}`);
  assertEquals(names(), ["a.thing: Thing", "a.thing: Thing", "c.thing: Thing"]);
  clone[Symbol.dispose]();
  scope.dispose();
  assertEquals(names(), ["a.thing: Thing", "c.thing: Thing"]);
  assertEquals(b.mgr.holders("a.thing"), [{ handles: 1, manual: 0, stacks: [] }]);
  second[Symbol.dispose]();
  third[Symbol.dispose]();
  assertEquals(names(), []);
});

Deno.test("ResourceScope.escaped() goes with what is moved, and says where it was cloned", () => {
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { stacks: true },
  });
  const scope = mgr.scope("loading");
  using _clone = scope.load("a.txt", Text).clone();
  const moved = scope.move();
  moved.dispose();
  assertEquals(moved.escaped().length, 1);
  assertMatch(moved.escaped()[0]!.stack!.split("\n")[0]!, /scope_test\.ts/);
  assertEquals(mgr.size, 1);
});

Deno.test("ResourceScope keeps the order of loads among all else that it holds, over many of each", () => {
  using b = bench(FILES);
  const { log } = b.loader;
  {
    using scope = b.mgr.scope();
    scope.load("a.thing", Thing);
    scope.load("b.thing", Thing);
    scope.use({ [Symbol.dispose]: () => log.push("used") });
    scope.load("c.thing", Thing);
    scope.adopt("adopted", (name) => log.push(name));
  }
  const undone = ["adopted", "-c.thing", "used", "-b.thing", "-a.thing"];
  assertEquals(log, ["+a.thing", "+b.thing", "+c.thing", ...undone]);
});
