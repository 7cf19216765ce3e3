import { assertEquals, assertThrows } from "@std/assert";
import { type Leak, MemorySource, ResourceManager, ResourceTypeError, Text } from "../../mod.ts";
import { bench, Other, Thing } from "../_thing.ts";

Deno.test("ResourceManager.with() lends a value, and releases it also when the callback throws", () => {
  using b = bench({ "a.thing": "", "b.thing": "" });
  const seen = b.mgr.with("a.thing", Thing, (a) => {
    assertEquals(b.mgr.cacheStats().resources["a.thing"]?.refCount, 1);
    return b.mgr.with("a.thing", Thing, (again) => again === a);
  });
  assertEquals([seen, b.mgr.size], [true, 0]);
  const fail = () => {
    throw new Error("x");
  };
  assertThrows(() => b.mgr.with("a.thing", Thing, fail), Error, "x");
  assertThrows(() => b.mgr.with("a.thing", Other, () => {}), ResourceTypeError);
  assertEquals(b.loader.log.filter((each) => each === "-a.thing").length, 3);
  assertEquals([b.mgr.size, b.mgr.cacheStats().leaks], [0, 0]);
});

Deno.test("ResourceManager.with() chains both errors when releasing throws too, as `using` does", () => {
  using b = bench({ "a.thing": "" });
  b.loader.stubborn.add("a.thing");
  const bug = new Error("the user's bug");
  const error = assertThrows(
    () =>
      b.mgr.with("a.thing", Thing, () => {
        throw bug;
      }),
    SuppressedError,
  );
  assertEquals([error.error.message, error.suppressed], ["a.thing is stubborn", bug]);
  assertThrows(() => b.mgr.with("a.thing", Thing, () => {}), Error, "a.thing is stubborn");
  assertEquals([b.mgr.size, b.mgr.cacheStats().leaks], [0, 0]);
});

Deno.test("ResourceManager.with() refuses a promise, and still releases the reference", async () => {
  using b = bench({ "a.thing": "" });
  assertThrows(
    () => b.mgr.with("a.thing", Thing, () => Promise.reject(new Error("never seen"))),
    TypeError,
    'Cannot use "a.thing" in a callback that returns a promise: write `using` in an async function',
  );
  await Promise.resolve();
  assertEquals(b.mgr.size, 0);
});

Deno.test("ResourceManager.with() survives a forced unload and the manager's disposal, and does not leak", () => {
  const leaks: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A" }),
    leaks: { onLeak: (leak) => leaks.push(leak) },
  });
  const value = mgr.with("a.txt", Text, (text) => {
    mgr.unload("a.txt", { force: true });
    using _fresh = mgr.load("a.txt", Text);
    return text;
  });
  assertEquals([value, mgr.size], ["A", 0]);
  mgr.with("a.txt", Text, () => mgr.with("a.txt", Text, () => mgr[Symbol.dispose]()));
  assertEquals([leaks, mgr.size], [[], 0]);
});
