import { assert, assertEquals, assertFalse } from "@std/assert";
import { MemorySource, ResourceManager, type ResourceManagerOptions, Text } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { GatedSource } from "../../src/testing.ts";
import { StillDate } from "../_date.ts";
import { keepAlive } from "../_patience.ts";
import { FakeClock } from "../_fake_clock.ts";
import { bench, Thing } from "../_thing.ts";

const FILES = { "a.thing": "aaaa", "b.thing": "bbbb", "c.thing": "cccc", "d.thing": "dddd" };

function touch(b: ReturnType<typeof bench>, ...names: string[]): void {
  for (const name of names) b.mgr.load(`${name}.thing`, Thing)[Symbol.dispose]();
}

function resident(b: ReturnType<typeof bench>): string {
  return Object.keys(b.mgr.cacheStats().resources).map((key) => key[0]).sort().join("");
}

Deno.test("maxBytes evicts the least recently used idle resources when a new one needs their space", () => {
  using b = bench(FILES, { maxBytes: 12 });
  touch(b, "a", "b", "c", "a");
  using _d = b.mgr.load("d.thing", Thing);
  assertEquals(resident(b), "acd");
  assertEquals(b.events.filter((event) => event.startsWith("unload")), ["unload b.thing evicted"]);
  const { evictions, bytes, idleBytes } = b.mgr.cacheStats();
  assertEquals([evictions, bytes, idleBytes], [1, 12, 8]);
});

Deno.test("maxBytes never evicts a live resource, and overbudget is raised once when they exceed it", () => {
  using b = bench(FILES, { maxBytes: 8 });
  {
    using scope = b.mgr.scope();
    for (const name of ["a", "b", "c", "d"]) scope.load(`${name}.thing`, Thing);
    assertEquals(b.mgr.bytes, 16);
  }
  assertEquals(resident(b), "ab"); // The scope released d and c first: they had been idle longest.
  using scope = b.mgr.scope();
  for (const name of ["a", "b", "c"]) scope.load(`${name}.thing`, Thing);
  assertEquals(b.events.filter((event) => event.startsWith("overbudget")), [
    "overbudget 12/8",
    "overbudget 12/8",
  ]);
});

Deno.test("maxBytes evicts a resource that is larger than the budget as soon as it is idle", () => {
  using b = bench(FILES, { maxBytes: 3 });
  touch(b, "a");
  assertEquals([b.mgr.size, b.mgr.bytes, b.mgr.cacheStats().evictions], [0, 0, 1]);
});

Deno.test("maxEntries limits the number of idle resources, and does not count live ones", () => {
  using b = bench(FILES, { idle: { maxEntries: 2 } });
  using _d = b.mgr.load("d.thing", Thing);
  touch(b, "a", "b", "c");
  assertEquals(resident(b), "bcd");
  using none = bench(FILES, { idle: { maxEntries: 0 } });
  touch(none, "a");
  assertEquals(none.events, ["load a.thing", "unload a.thing evicted"]);
});

Deno.test("maxAge unloads each resource that has been idle for that time, with a single timer", () => {
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

Deno.test("maxAge starts again when a resource was live in between, and no timer runs when nothing is idle", () => {
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

Deno.test("maxAge counts from its own release for what the callback of an expired resource loads", () => {
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

Deno.test("maxAge uses a real timer by default, which does not keep the process alive", async () => {
  using b = bench(FILES, { idle: { maxAge: 1 } });
  const { promise, resolve } = Promise.withResolvers<void>();
  using _unload = b.mgr.on("unload", () => resolve());
  touch(b, "a");
  using _alive = keepAlive();
  await promise;
  assertEquals(b.mgr.size, 0);
});

Deno.test("lastAccessed is the real time of the task in which a resource became idle", async () => {
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

Deno.test("overbudget is raised only after an eviction, not while the dependencies become idle one by one", () => {
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

/** Levels that hold sprites. The loader of `levels` counts 1 byte for a level and 100 for a sprite. */
const LEVELS = {
  "a.thing": "a1.thing\na2.thing",
  "b.thing": "b1.thing\nb2.thing",
  ...Object.fromEntries(["a1", "a2", "b1", "b2", "x", "y"].map((name) => [`${name}.thing`, name])),
};

function levels(options: ResourceManagerOptions): ReturnType<typeof bench> {
  const b = bench(LEVELS, options);
  b.mgr.registerLoader({
    name: "sized",
    extensions: [".thing"],
    load: b.loader.load,
    unload: b.loader.unload,
    byteLength: ({ text }: Thing) => text.length > 2 ? 1 : 100,
  });
  b.events.length = 0;
  return b;
}

/** The keys of the resources that were unloaded since the last call, with the reasons. */
function gone(b: ReturnType<typeof bench>): string[] {
  return b.events.splice(0).filter((event) => event.startsWith("unload"))
    .map((event) => event.replace("unload ", "").replace(".thing", ""));
}

Deno.test("what only an evicted level held is evicted next, before what was used later", () => {
  using b = levels({ maxBytes: 402 });
  touch(b, "a", "x", "b"); // 502 bytes, of which 102 are idle
  assertEquals([gone(b), b.mgr.bytes], [["a evicted", "a2 evicted"], 401]);
  assertEquals(b.mgr.idleBytes, 201);
  touch(b, "y");
  assertEquals(gone(b), ["a1 evicted"]);
  touch(b, "a1");
  assertEquals(gone(b), ["x evicted"]);
  touch(b, "a2");
  assertEquals([gone(b), resident(b)], [["b evicted", "b2 evicted"], "aaby"]);
});

Deno.test("the list of idle resources does not keep what was unloaded in memory", () => {
  using b = levels({ idle: "keep" });
  touch(b, "a", "x", "b");
  const { budget, entries } = cacheOf(b.mgr);
  for (const name of ["b.thing", "a.thing", "x.thing"]) {
    const entry = entries.get(name)!;
    assertEquals(budget.idle.hasPlace(entry), true);
    b.mgr.unload(name);
    assertEquals(budget.idle.hasPlace(entry), false);
  }
});

Deno.test("after a level, only as many of its dependencies are evicted as the budget requires", () => {
  using b = levels({ maxBytes: 201 });
  touch(b, "a");
  using _a1 = b.mgr.load("a1.thing", Thing);
  using _x = b.mgr.load("x.thing", Thing); // 301 bytes
  assertEquals([gone(b), b.mgr.bytes], [["a evicted", "a2 evicted"], 200]);
});

Deno.test("what only a level held takes the place of the level when that is unloaded by hand, at any depth", () => {
  using b = bench(
    { ...FILES, "l.thing": "m.thing", "m.thing": "n.thing", "n.thing": "n" },
    { idle: { maxEntries: 4 } },
  );
  touch(b, "a", "l", "b");
  b.mgr.unload("l.thing");
  b.mgr.unload("m.thing");
  touch(b, "c", "d");
  assertEquals([gone(b), resident(b)], [["l unused", "m unused", "a evicted"], "bcdn"]);
  b.mgr.load("a.thing", Thing)[Symbol.dispose]();
  assertEquals([gone(b), resident(b)], [["n evicted"], "abcd"]);
});

Deno.test("what was used by itself, or held by a live level that was unloaded by force, is the newest", () => {
  using b = levels({ idle: { maxEntries: 2 } });
  touch(b, "x");
  {
    using _a = b.mgr.load("a.thing", Thing);
    touch(b, "y");
    b.mgr.unload("a.thing", { force: true });
  }
  assertEquals(gone(b), ["a forced", "x evicted", "y evicted"]);
  using other = bench({ ...FILES, "p.thing": "a.thing" }, { idle: { maxEntries: 2 } });
  touch(other, "p", "b");
  touch(other, "a"); // p holds it, so it does not become idle.
  other.mgr.unload("p.thing");
  assertEquals([gone(other), resident(other)], [["p unused"], "ab"]);
  touch(other, "c");
  assertEquals(gone(other), ["a evicted"]); // It has the place of p: a use while it is live is not recorded.
});

Deno.test("what callbacks use while a level is unloaded is the newest, and what they unload keeps its place", () => {
  using b = bench({ ...FILES, "e.thing": "e" }, { idle: "keep" });
  const { mgr } = b;
  mgr.registerLoader({
    name: "level",
    extensions: [".level"],
    load: (_, context) => {
      context.load("e.thing", Thing);
      context.defer(() => mgr.load("d.thing", Thing)[Symbol.dispose]());
      const part = context.load("b.thing", Thing);
      return { part };
    },
    // Releases its part itself, uses another one, and unloads another level.
    unload({ part }: { part: Disposable }) {
      part[Symbol.dispose]();
      mgr.load("c.thing", Thing)[Symbol.dispose]();
      mgr.unload("q.thing");
    },
  });
  b.source.set("p.level", "");
  b.source.set("q.thing", "r.thing");
  b.source.set("r.thing", "");
  touch(b, "q", "a");
  mgr.load("p.level", Object)[Symbol.dispose]();
  touch(b, "c", "d");
  mgr.unload("p.level");
  assertEquals(oldestFirst(b), ["r", "a", "b", "e", "c", "d"]);
});

/** The keys of the idle resources, in the order in which they would be evicted. */
function oldestFirst(b: ReturnType<typeof bench>): string[] {
  return [...cacheOf(b.mgr).budget.idle].map(({ key }) => key.replace(".thing", ""));
}

Deno.test("maxAge expires a level with what it held, and what it held keeps its age if it is unloaded earlier", () => {
  const clock = new FakeClock();
  using b = levels({ idle: { maxAge: 1000 }, clock });
  touch(b, "a");
  clock.advance(400);
  touch(b, "b");
  clock.advance(100);
  b.mgr.unload("b.thing");
  const { lastAccessed } = b.mgr.cacheStats().resources["b1.thing"]!;
  assertEquals([gone(b), lastAccessed], [["b unused"], clock.now() - 100]);
  clock.advance(500);
  assertEquals([gone(b), clock.pending], [["a expired", "a2 expired", "a1 expired"], 1]);
  clock.advance(399);
  assertEquals(resident(b), "bb");
  clock.advance(1);
  assertEquals([gone(b), clock.pending], [["b2 expired", "b1 expired"], 0]);
});

Deno.test("maxAge counts from the age of the level, even if the timer was set for something newer meanwhile", () => {
  const clock = new FakeClock();
  using b = levels({ idle: { maxAge: 1000 }, clock });
  b.mgr.registerLoader({
    name: "level",
    extensions: [".level"],
    load: (_, context) => context.load("a1.thing", Thing),
    unload: () => b.mgr.load("x.thing", Thing)[Symbol.dispose](),
  });
  b.source.set("p.level", "");
  b.mgr.load("p.level", Object)[Symbol.dispose]();
  clock.advance(900);
  b.mgr.unload("p.level");
  b.events.length = 0;
  clock.advance(100);
  assertEquals([gone(b), resident(b), clock.pending], [["a1 expired"], "x", 1]);
});

Deno.test("maxAge with 0 ms does not expire what callbacks add in the same timer", () => {
  let fire: (() => void) | undefined;
  const after = (_ms: number, run: () => void) => {
    fire = run;
    return { [Symbol.dispose]: () => fire = undefined };
  };
  using mgr = new ResourceManager({ idle: { maxAge: 0 }, clock: { now: () => 0, after } });
  let rounds = 0;
  const add = () => {
    mgr.add("phoenix", 1, { unload: () => void (rounds++ < 10 && add()) })[Symbol.dispose]();
  };
  add();
  fire!();
  assertEquals([rounds, mgr.has("phoenix")], [1, true]);
  fire!();
  assertEquals([rounds, mgr.has("phoenix")], [2, true]);
  rounds = 10;
});

Deno.test("maxAge sets no timer for a resource that is being reloaded, which expires after the reload", async () => {
  const clock = new FakeClock();
  const source = new GatedSource({ "a.txt": "a", "b.txt": "b" });
  using mgr = new ResourceManager({ source, idle: { maxAge: 100 }, clock });
  let timers = 0;
  const { after } = clock;
  clock.after = function (ms, run) {
    timers++;
    return after.call(this, ms, run);
  };
  mgr.load("a.txt", Text)[Symbol.dispose]();
  const reload = mgr.reloadAsync("a.txt");
  clock.advance(100);
  assertEquals([mgr.has("a.txt"), clock.pending, timers], [true, 0, 1]);
  mgr.load("b.txt", Text)[Symbol.dispose]();
  clock.advance(100);
  assertEquals([mgr.has("a.txt"), mgr.has("b.txt"), clock.pending, timers], [true, false, 0, 2]);
  source.open("a.txt");
  await reload;
  assertEquals([mgr.has("a.txt"), clock.pending, timers], [true, 1, 3]);
  clock.advance(0);
  assertEquals([mgr.has("a.txt"), clock.pending, timers], [false, 0, 3]);
});

Deno.test("maxBytes does not evict what frees nothing; maxEntries and maxAge do", () => {
  const clock = new FakeClock();
  using b = bench({ ...FILES, "z.thing": "" }, {
    maxBytes: 8,
    idle: { maxEntries: 2, maxAge: 1000 },
    clock,
  });
  touch(b, "z", "a");
  {
    using _scope = b.mgr.scope();
    for (const name of ["b", "c", "d"]) _scope.load(`${name}.thing`, Thing);
    assertEquals([gone(b), resident(b)], [["a evicted"], "bcdz"]);
  }
  // d, c and b became idle in this order: d frees 4 of 12 bytes, and z is one entry too many.
  assertEquals([gone(b), resident(b)], [["d evicted", "z evicted"], "bc"]);
  touch(b, "z");
  assertEquals([gone(b), b.mgr.unload("b.thing")], [["c evicted"], true]);
  clock.advance(1000);
  assertEquals(gone(b), ["b unused", "z expired"]);
});

Deno.test("maxBytes evicts a level without bytes if it holds something, and keeps one that holds nothing", () => {
  using b = levels({ maxBytes: 250 });
  b.mgr.registerLoader({
    name: "empty",
    extensions: [".level"],
    load: (bytes, context) => {
      if (bytes.length > 0) context.load("a1.thing", Thing);
      return {};
    },
    byteLength: () => 0,
  });
  b.source.set("0.level", "");
  b.source.set("1.level", "a1");
  for (const name of ["0.level", "1.level"]) b.mgr.load(name, Object)[Symbol.dispose]();
  b.events.length = 0;
  touch(b, "x", "y");
  assertEquals([gone(b), b.mgr.bytes], [["1.level evicted", "a1 evicted"], 200]);
  assertEquals(resident(b), "0xy");
});

Deno.test("maxBytes evicts an empty resource after a reload gave it bytes", () => {
  using b = bench({ ...FILES, "z.thing": "" }, { maxBytes: 10 });
  touch(b, "z", "a", "b");
  using _c = b.mgr.load("c.thing", Thing);
  assertEquals([gone(b), resident(b)], [["a evicted"], "bcz"]);
  b.source.set("z.thing", "zz");
  b.mgr.reload("z.thing");
  assertEquals([gone(b), b.mgr.bytes], [[], 10]);
  touch(b, "d");
  assertEquals([gone(b), resident(b)], [["z evicted", "b evicted"], "cd"]);
});

Deno.test("reclaimableBytes is what unloadUnused() frees, with what only idle resources hold, at any depth", () => {
  const sizes = { "1.thing": "2.thing\n3.thing", "2.thing": "3.thing\n4.thing", "3.thing": "333" };
  const files = { ...sizes, "4.thing": "4444", "5.thing": "4.thing" };
  using b = bench(files, { idle: "keep" });
  const free = () => [b.mgr.reclaimableBytes, b.mgr.cacheStats().reclaimableBytes];
  touch(b, "1");
  assertEquals([free(), b.mgr.idleBytes, b.mgr.bytes], [[37, 37], 15, 37]);
  {
    using _three = b.mgr.load("3.thing", Thing);
    assertEquals(free(), [34, 34]);
    b.mgr.acquire("4.thing");
    assertEquals(free(), [30, 30]);
    b.mgr.release("4.thing");
    using _five = b.mgr.load("5.thing", Thing);
    assertEquals(free(), [30, 30]);
  }
  assertEquals([free(), b.mgr.bytes], [[44, 44], 44]);
  {
    using _one = b.mgr.load("1.thing", Thing);
    assertEquals([free(), b.mgr.idleBytes], [[7, 7], 7]); // Only 5.thing: 4.thing is also held by 2.thing.
  }
  b.mgr.unloadUnused();
  assertEquals([free(), b.mgr.bytes], [[0, 0], 0]);
  using none = bench(files);
  using _one = none.mgr.load("1.thing", Thing);
  assertEquals(none.mgr.reclaimableBytes, 0);
});

Deno.test("reclaimableBytes leaves out what a running load of the same key holds", async () => {
  const source = new GatedSource({ "p.pair": "", "a.txt": "aaaa", "b.txt": "b" });
  const gate = Promise.withResolvers<void>();
  using mgr = new ResourceManager({
    source,
    idle: "keep",
    loaders: [{
      name: "pair",
      extensions: [".pair"],
      load: (_, context) => ({ a: context.load("a.txt", Text) }),
      async loadAsync(_, context) {
        context.load("a.txt", Text);
        await gate.promise;
        return {};
      },
    }],
  });
  mgr.load("p.pair", Object)[Symbol.dispose]();
  assertEquals(mgr.reclaimableBytes, 4);
  const reload = mgr.reloadAsync("p.pair");
  source.open("p.pair");
  while (mgr.holders("a.txt").length < 2) await Promise.resolve();
  assertEquals(mgr.reclaimableBytes, 0);
  gate.resolve();
  await reload;
  assertEquals([mgr.reclaimableBytes, mgr.unloadUnused(), mgr.bytes], [4, 2, 0]);
});
