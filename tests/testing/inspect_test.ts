import { assert, assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { type Leak, MemorySource, ResourceManager, Text } from "../../mod.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { leaksOf, record } from "../../src/testing/inspect.ts";
import { bench, Thing } from "../_thing.ts";

const FILES = { "p.thing": "a.thing\nb.thing", "a.thing": "", "b.thing": "" };
const onLeak = () => {};

Deno.test("leaksOf() lists each holder of a resource, and does not count dependencies", () => {
  using b = bench(FILES, { leaks: { onLeak } });
  using _p = b.mgr.load("p.thing", Thing);
  using scope = b.mgr.scope("level 1");
  scope.load("a.thing", Thing);
  using unnamed = b.mgr.scope();
  unnamed.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  const common = { type: "Thing", stacks: [] };
  assertEquals(leaksOf(cacheOf(b.mgr)), {
    held: [
      { key: "a.thing", label: "level 1", handles: 1, manual: 0, ...common },
      { key: "a.thing", handles: 1, manual: 0, ...common },
      { key: "a.thing", handles: 0, manual: 1, ...common },
      { key: "p.thing", handles: 1, manual: 0, ...common },
    ],
    reported: [],
    unseen: 0,
  });
  b.mgr.release("a.thing");
});

Deno.test("leaksOf() does not count idle resources and their dependencies", () => {
  using b = bench(FILES, { idle: "keep" });
  b.mgr.load("p.thing", Thing)[Symbol.dispose]();
  assertEquals([b.mgr.size, leaksOf(cacheOf(b.mgr))], [3, undefined]);
});

Deno.test("leaksOf() counts handles of a resource that was unloaded by force", () => {
  using b = bench(FILES);
  using handle = b.mgr.load("a.thing", Thing);
  b.mgr.unload("a.thing", { force: true });
  assertEquals(leaksOf(cacheOf(b.mgr))?.held.map(({ key, handles }) => [key, handles]), [
    ["a.thing", 1],
  ]);
  handle[Symbol.dispose]();
  assertEquals(leaksOf(cacheOf(b.mgr)), undefined);
});

Deno.test("leaksOf() counts a handle once that a disposed manager has reported, recorded or not", () => {
  for (const isRecorded of [true, false]) {
    const mgr = new ResourceManager({
      source: new MemorySource({ "a.txt": "" }),
      leaks: { onLeak },
    });
    const cache = cacheOf(mgr);
    if (isRecorded) record(cache);
    record(cacheOf(mgr)); // a second time, or too late: changes nothing
    const handle = mgr.load("a.txt", Text);
    mgr[Symbol.dispose]();
    const { held, reported, unseen } = leaksOf(cache)!;
    const leak: Leak = { key: "a.txt", type: "Text" };
    assertEquals([held.length, reported, unseen], [0, [leak], 0]);
    handle[Symbol.dispose]();
    assert(leaksOf(cache) !== undefined, "a reported leak stays a leak");
  }
});

Deno.test("leaksOf() counts a handle once whose report was not recorded", () => {
  const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "" }), leaks: { onLeak } });
  const handle = mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(leaksOf(cacheOf(mgr))?.held.length, 1);
  assertEquals(leaksOf(cacheOf(mgr))?.unseen, 0);
  handle[Symbol.dispose]();
  assertEquals(leaksOf(cacheOf(mgr)), { held: [], reported: [], unseen: 1 });
});

Deno.test("leaksOf() finds the open handles of a manager without detection", () => {
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "" }),
    leaks: { detect: false },
  });
  record(cacheOf(mgr));
  const handle = mgr.load("a.txt", Text);
  mgr[Symbol.dispose]();
  assertEquals(leaksOf(cacheOf(mgr))?.held.length, 1);
  handle[Symbol.dispose]();
  assertEquals(leaksOf(cacheOf(mgr)), undefined);
});

Deno.test("leaksOf() counts an open handle once that a strict manager has reported", async () => {
  for (const isRecorded of [true, false]) {
    using mgr = new ResourceManager({
      source: new MemorySource({ "a.txt": "" }),
      leaks: { strict: true, stacks: false, onLeak },
    });
    if (isRecorded) record(cacheOf(mgr));
    const handle = mgr.load("a.txt", Text);
    await setImmediate();
    const { held, reported, unseen } = leaksOf(cacheOf(mgr))!;
    assertEquals([held.length, reported.length, unseen], isRecorded ? [0, 1, 0] : [1, 0, 0]);
    handle[Symbol.dispose]();
    const after = leaksOf(cacheOf(mgr))!;
    assertEquals([after.held, after.reported.length + after.unseen], [[], 1]);
  }
});
