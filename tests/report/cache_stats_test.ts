import { assertEquals } from "@std/assert";
import { bench, Thing } from "../_thing.ts";

Deno.test("cacheStats() returns the totals, and the counts, state and dependencies of each resource", () => {
  using b = bench({ "a.thing": "b.thing", "b.thing": "", "c.thing": "cc" }, { idle: "keep" });
  using _handle = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  b.mgr.load("c.thing", Thing)[Symbol.dispose]();
  const { resources, ...totals } = b.mgr.cacheStats();
  const { totalReferences, idleCount, idleBytes, misses, maxBytes } = totals;
  assertEquals([totalReferences, idleCount, idleBytes, misses, maxBytes], [3, 1, 2, 3, undefined]);
  const rows = Object.entries(resources).map(([key, each]) =>
    [key, each.state, each.refCount, each.handles, each.bytes, ...each.dependencies].join(" ")
  );
  assertEquals(rows.sort(), [
    "a.thing live 2 1 7 b.thing",
    "b.thing live 1 1 0",
    "c.thing idle 0 0 2",
  ]);
  b.mgr.release("a.thing");
});
