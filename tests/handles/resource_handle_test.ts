import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HandleDisposedError, ManagerDisposedError, ResourceUnloadedError } from "../../mod.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { bench, Thing } from "../_thing.ts";

guardAgainstLeaks();

const FILES = { "a.thing": "a", "b.thing": "b" };

Deno.test("Handle[Symbol.dispose]() releases its reference once, in any order", () => {
  using b = bench(FILES);
  const [first, second, third] = [1, 2, 3].map(() => b.mgr.load("a.thing", Thing));
  for (const handle of [second!, second!, first!, second!, first!]) handle[Symbol.dispose]();
  assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 1);
  assertEquals(third!.value.unloads, 0);
  third![Symbol.dispose]();
  assertEquals(b.loader.log, ["+a.thing", "-a.thing"]);
});

Deno.test("Handle.disposed, key and version can be read after disposal", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  assertEquals([handle.disposed, handle.key, handle.version], [false, "a.thing", 1]);
  handle[Symbol.dispose]();
  assertEquals([handle.disposed, handle.key, handle.version], [true, "a.thing", 1]);
});

Deno.test("Handle.value, clone() and weak() throw once the handle is disposed", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  using other = handle.clone();
  handle[Symbol.dispose]();
  const uses: [() => unknown, string][] = [
    [() => handle.value, 'Cannot read the value of "a.thing": the handle is disposed'],
    [() => handle.clone(), 'Cannot clone the handle of "a.thing": the handle is disposed'],
    [() => handle.weak(), 'Cannot make a weak handle of "a.thing": the handle is disposed'],
  ];
  for (const [use, message] of uses) assertThrows(use, HandleDisposedError, message);
  assertEquals(other.value.text, "a");
});

Deno.test("Handle.value and clone() throw once the resource was unloaded by force", () => {
  using b = bench(FILES);
  using handle = b.mgr.load("a.thing", Thing);
  b.mgr.unload("a.thing", { force: true });
  const error = assertThrows(() => handle.value, ResourceUnloadedError);
  assertEquals([error.key, error.reason], ["a.thing", "forced"]);
  assertThrows(() => handle.clone(), ResourceUnloadedError);
  assertEquals([handle.disposed, handle.weak().upgrade()], [false, undefined]);
});

Deno.test("Handle.clone() throws once the manager is disposed", () => {
  leakOnPurpose();
  const b = bench(FILES, { leaks: { onLeak: () => {} } });
  const handle = b.mgr.load("a.thing", Thing);
  b[Symbol.dispose]();
  assertThrows(() => handle.clone(), ManagerDisposedError, 'Cannot clone the handle of "a.thing"');
  assertThrows(() => handle.value, ResourceUnloadedError, "its manager is disposed");
});

Deno.test("Handle.clone() is a reference of its own", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  using clone = handle.clone();
  handle[Symbol.dispose]();
  assertEquals([clone.value.text, b.mgr.cacheStats().totalReferences], ["a", 1]);
});

Deno.test("WeakHandle.upgrade() finds an idle resource, and not another under the same key", () => {
  using b = bench(FILES, { idle: "keep" });
  const handle = b.mgr.load("a.thing", Thing);
  const weak = handle.weak();
  handle[Symbol.dispose]();
  {
    using again = weak.upgrade();
    assertEquals([again?.value.text, weak.key, b.mgr.idleBytes], ["a", "a.thing", 0]);
  }
  b.mgr.unloadUnused();
  using _fresh = b.mgr.load("a.thing", Thing);
  assertEquals(weak.upgrade(), undefined);
});

Deno.test("console.log of a handle shows its key and its state", () => {
  using b = bench(FILES);
  const handle = b.mgr.load("a.thing", Thing);
  const weak = handle.weak();
  const shown = Deno.inspect(handle);
  for (const part of ["Handle<Thing> {", 'key: "a.thing"', "version: 1", "value: Thing {"]) {
    assertStringIncludes(shown, part);
  }
  assertEquals(Deno.inspect(weak), 'WeakHandle<Thing> { key: "a.thing", resident: true }');
  using open = handle.clone();
  handle[Symbol.dispose]();
  assertEquals(Deno.inspect(handle), 'Handle<Thing> { key: "a.thing", disposed: true }');
  b.mgr.unload("a.thing", { force: true });
  assertEquals(Deno.inspect(open), 'Handle<Thing> { key: "a.thing", unloaded: "forced" }');
});
