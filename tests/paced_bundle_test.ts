/** Large bundles in paced managers: starting thousands of loads takes milliseconds, so pumps do most of it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { isWithdrawn, type Loader, MemorySource, ResourceManager } from "../mod.ts";
import { turns } from "./_turns.ts";

const NAMES = Array.from({ length: 400 }, (_, i) => `${399 - i}.thing`);
const things: Loader<string, ".thing"> = {
  name: "thing",
  extensions: [".thing"],
  load: (bytes) => new TextDecoder().decode(bytes),
};

function paced(pacing: "pumped" | "immediate" = "pumped") {
  const source = new MemorySource(Object.fromEntries(NAMES.map((name) => [name, name])));
  return new ResourceManager({ source, loaders: [things], pacing });
}

/** Pumps until no load is pending. */
async function pumpAll(mgr: ResourceManager): Promise<void> {
  do {
    mgr.pump({ maxMs: Infinity });
    await turns();
  } while (mgr.pending().length > 0 || mgr.cacheStats().queued!.loads > 0);
}

Deno.test("a large bundle starts 128 loads at once, and the others in pumps", async () => {
  using mgr = paced();
  const loading = mgr.loadAll(NAMES);
  assertEquals([mgr.pending().length, mgr.cacheStats().queued?.loads], [128, 1]);
  mgr.pump({ maxMs: 0 });
  assertEquals(mgr.pending().length, 256);
  await pumpAll(mgr);
  using all = await loading;
  assertEquals(Object.keys(all), NAMES);
  assertEquals(Object.values(all).map(({ value }) => value), NAMES);
});

Deno.test("a large bundle starts all loads at once without pacing, or when everything is resident", async () => {
  using immediate = paced("immediate");
  const loading = immediate.loadAll(NAMES);
  assertEquals(immediate.pending().length, 400);
  (await loading)[Symbol.dispose]();
  using mgr = paced();
  const first = mgr.loadAll(NAMES);
  await pumpAll(mgr);
  using _kept = await first;
  using all = await mgr.loadAll(NAMES); // nobody pumps
  assertEquals([Object.keys(all).length, mgr.cacheStats().queued?.loads], [400, 0]);
});

Deno.test("a large bundle reports the total number of its loads from the first progress on", async () => {
  using mgr = paced();
  const reported: [number, number][] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    reported.push([done, total]);
  const loading = mgr.loadAll(NAMES, { onProgress });
  await pumpAll(mgr);
  (await loading)[Symbol.dispose]();
  assertEquals(new Set(reported.map(([, total]) => total)), new Set([400]));
  assertEquals(reported.at(-1), [400, 400]);
  assertEquals(reported.findIndex(([done]) => done === 400), reported.length - 1);
});

Deno.test("ResourceManager.settled() waits also for the loads that a large bundle has not started yet", async () => {
  using mgr = paced();
  const loading = mgr.loadAll(NAMES);
  let isSettled = false;
  const settled = mgr.settled().then(() => isSettled = true);
  while (mgr.pending().some(({ state }) => state !== "waiting")) await turns();
  mgr.pump({ maxMs: 0 });
  await turns();
  assert(!isSettled);
  await pumpAll(mgr);
  await settled;
  assertEquals(mgr.size, 400);
  (await loading)[Symbol.dispose]();
});

Deno.test("a withdrawn large bundle starts no more loads, by a signal, a scope or the manager", async () => {
  const controller = new AbortController();
  const ways = {
    signal: () => controller.abort(),
    scope: (scope: Disposable) => scope[Symbol.dispose](),
    manager: (_scope: Disposable, mgr: ResourceManager) => mgr[Symbol.dispose](),
  };
  for (const [name, withdraw] of Object.entries(ways)) {
    const mgr = paced();
    const scope = mgr.scope("level");
    const loading = scope.loadAll(NAMES, { signal: controller.signal });
    withdraw(scope, mgr);
    const error = await assertRejects(() => loading);
    assert(isWithdrawn(error), name);
    if (!mgr.disposed) assertEquals(mgr.pump(), 0, name);
    assertEquals([mgr.pending().length, mgr.size], [0, 0], name);
    await mgr[Symbol.asyncDispose]();
  }
});

Deno.test("a large bundle rejects when its manager is disposed between two groups of its loads", async () => {
  const mgr = paced();
  using scope = mgr.scope("level");
  const loading = scope.loadAll(NAMES);
  // Urgent loads of the same files end before the bundle starts its next loads.
  const urgent = NAMES.slice(0, 128).map((name) => mgr.loadAsync(name, { priority: "high" }));
  while (mgr.pending().some(({ state }) => state !== "waiting")) await turns();
  for (let piece = 0; piece < 128; piece++) mgr.pump({ maxMs: 0 });
  for (const each of urgent) (await each)[Symbol.dispose]();
  assertEquals([mgr.pending().length, mgr.size], [0, 128]);
  mgr[Symbol.dispose]();
  assert(isWithdrawn(await assertRejects(() => loading)));
});

Deno.test("the bundle of a loader starts all loads at once, because the load may become urgent", async () => {
  const source = new MemorySource({
    "all.level": NAMES.join(" "),
    ...Object.fromEntries(NAMES.map((name) => [name, name])),
  });
  const levels: Loader<number, ".level"> = {
    name: "level",
    extensions: [".level"],
    async loadAsync(bytes, context) {
      const parts = await context.loadAll(new TextDecoder().decode(bytes).split(" "));
      return Object.keys(parts).length;
    },
  };
  using mgr = new ResourceManager({ source, loaders: [things, levels], pacing: "pumped" });
  const loading = mgr.loadAsync("all.level");
  await turns();
  mgr.pump({ maxMs: 0 });
  assertEquals(mgr.pending().length, 401);
  await pumpAll(mgr);
  using level = await loading;
  assertEquals(level.value, 400);
});
