import { assert, assertEquals, assertFalse } from "@std/assert";
import { MemorySource, ResourceManager, Text } from "../../mod.ts";
import { keepAlive } from "../_patience.ts";
import { StillDate } from "../_date.ts";
import { FakeClock } from "../_fake_clock.ts";
import { bench, Thing } from "../_thing.ts";

const FILES = { "a.thing": "aaaa", "b.thing": "bbbb", "c.thing": "cccc", "d.thing": "dddd" };

function touch(b: ReturnType<typeof bench>, ...names: string[]): void {
  for (const name of names) b.mgr.load(`${name}.thing`, Thing)[Symbol.dispose]();
}

function resident(b: ReturnType<typeof bench>): string {
  return Object.keys(b.mgr.cacheStats().resources).map((key) => key[0]).sort().join("");
}

Deno.test("maxBytes evicts the least recently used idle resources when the next one needs their space", () => {
  using b = bench(FILES, { maxBytes: 12 });
  touch(b, "a", "b", "c", "a");
  using _d = b.mgr.load("d.thing", Thing);
  assertEquals(resident(b), "acd");
  assertEquals(b.events.filter((event) => event.startsWith("unload")), ["unload b.thing evicted"]);
  const { evictions, bytes, idleBytes } = b.mgr.cacheStats();
  assertEquals([evictions, bytes, idleBytes], [1, 12, 8]);
});

Deno.test("maxBytes never evicts what is live, and says once that live resources exceed it", () => {
  using b = bench(FILES, { maxBytes: 8 });
  {
    using scope = b.mgr.scope();
    for (const name of ["a", "b", "c", "d"]) scope.load(`${name}.thing`, Thing);
    assertEquals(b.mgr.bytes, 16);
  }
  assertEquals(resident(b), "ab"); // the scope gave back d and c first: they were idle for longest
  using scope = b.mgr.scope();
  for (const name of ["a", "b", "c"]) scope.load(`${name}.thing`, Thing);
  assertEquals(b.events.filter((event) => event.startsWith("overbudget")), [
    "overbudget 12/8",
    "overbudget 12/8",
  ]);
});

Deno.test("maxBytes evicts a resource that is larger than all of it as soon as it is idle", () => {
  using b = bench(FILES, { maxBytes: 3 });
  touch(b, "a");
  assertEquals([b.mgr.size, b.mgr.bytes, b.mgr.cacheStats().evictions], [0, 0, 1]);
});

Deno.test("maxEntries keeps so many idle resources and no more, whatever is live", () => {
  using b = bench(FILES, { idle: { maxEntries: 2 } });
  using _d = b.mgr.load("d.thing", Thing);
  touch(b, "a", "b", "c");
  assertEquals(resident(b), "bcd");
  using none = bench(FILES, { idle: { maxEntries: 0 } });
  touch(none, "a");
  assertEquals(none.events, ["load a.thing", "unload a.thing evicted"]);
});

Deno.test("maxAge unloads what has been idle for so long, with one timer for all", () => {
  const clock = new FakeClock();
  using b = bench(FILES, { idle: { maxAge: 1000 }, clock });
  assertEquals(clock.pending, 0);
  touch(b, "a");
  clock.advance(400);
  touch(b, "b", "c");
  assertEquals(clock.pending, 1);
  clock.advance(599);
  assertEquals(resident(b), "abc");
  clock.advance(1);
  assertEquals([resident(b), clock.pending], ["bc", 1]);
  clock.advance(400);
  assertEquals([resident(b), clock.pending], ["", 0]);
  assertEquals(b.events.at(-1), "unload c.thing expired");
  assertEquals(b.mgr.cacheStats().evictions, 0);
});

Deno.test("maxAge counts anew when a resource was live in between, and no timer runs when nothing is idle", () => {
  const clock = new FakeClock();
  using b = bench(FILES, { idle: { maxAge: 1000 }, clock });
  touch(b, "a");
  clock.advance(900);
  {
    using _a = b.mgr.load("a.thing", Thing);
    assertEquals(clock.pending, 0);
    clock.advance(900);
  }
  clock.advance(999);
  assertEquals(resident(b), "a");
  clock.advance(1);
  assertEquals([resident(b), clock.pending], ["", 0]);
});

Deno.test("maxAge leaves no timer behind when the manager is disposed or everything is unloaded", () => {
  const clock = new FakeClock();
  const b = bench(FILES, { idle: { maxAge: 1000 }, clock });
  touch(b, "a", "b");
  b.mgr.unloadUnused();
  assertEquals(clock.pending, 0);
  touch(b, "a");
  b[Symbol.dispose]();
  assertEquals(clock.pending, 0);
});

Deno.test("maxAge expires what was loaded by the callback of an expired resource in its own time", () => {
  const clock = new FakeClock();
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "a" }),
    idle: { maxAge: 100 },
    clock,
  });
  mgr.add("x", 1, { unload: () => mgr.load("a.txt", Text)[Symbol.dispose]() })[Symbol.dispose]();
  clock.advance(100);
  assertEquals([mgr.has("x"), mgr.has("a.txt"), clock.pending], [false, true, 1]);
  clock.advance(100);
  assertFalse(mgr.has("a.txt"));
});

Deno.test("maxAge uses a real timer that keeps no process alive and dies with the manager", async () => {
  using b = bench(FILES, { idle: { maxAge: 1 } });
  const { promise, resolve } = Promise.withResolvers<void>();
  using _unload = b.mgr.on("unload", () => resolve());
  touch(b, "a");
  using _alive = keepAlive();
  await promise;
  assertEquals(b.mgr.size, 0);
});

Deno.test("lastAccessed is the real time of the task in which a resource went idle", async () => {
  using date = new StillDate();
  using b = bench(FILES, { idle: "keep" });
  const start = date.now;
  touch(b, "a");
  await Promise.resolve();
  date.now += 5;
  touch(b, "b");
  const { resources } = b.mgr.cacheStats();
  const [a, c] = [resources["a.thing"]!.lastAccessed, resources["b.thing"]!.lastAccessed];
  assertEquals([a, c], [start, start + 5]);
});

Deno.test("idle defaults to unloading at once, and to keeping when there is a budget", () => {
  using at0 = bench(FILES);
  touch(at0, "a");
  assertEquals(at0.mgr.size, 0);
  using keeps = bench(FILES, { maxBytes: 100 });
  touch(keeps, "a");
  assert(keeps.mgr.has("a.thing"));
  using both = bench(FILES, { maxBytes: 100, idle: "unload" });
  touch(both, "a");
  assertEquals(both.mgr.size, 0);
});

Deno.test("overbudget is told only when an eviction has ended, not while what it frees goes idle one by one", () => {
  using b = bench({
    "m.thing": "a.thing\nb.thing\nc.thing",
    "a.thing": "a".repeat(50),
    "b.thing": "b".repeat(20),
    "c.thing": "c".repeat(5),
    "d.thing": "d".repeat(20),
  }, { maxBytes: 100 });
  touch(b, "m");
  using _d = b.mgr.load("d.thing", Thing);
  assertEquals(b.events.filter((event) => event.startsWith("overbudget")), []);
  assertEquals([b.mgr.bytes, b.mgr.cacheStats().evictions], [95, 1]);
});
