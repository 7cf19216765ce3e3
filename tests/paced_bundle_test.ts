/** Large bundles in paced managers: to begin thousands of loads takes milliseconds, so pumps go on with it. */
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

/** Pumps until nothing is under way. */
async function pumpAll(mgr: ResourceManager): Promise<void> {
  do {
    mgr.pump({ maxMs: Infinity });
    await turns();
  } while (mgr.pending().length > 0 || mgr.cacheStats().queued!.loads > 0);
}

Deno.test("a large bundle begins 128 loads at once, and the next ones in the pump", async () => {
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

Deno.test("a large bundle begins at once without pacing, and where all is resident", async () => {
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

Deno.test("a large bundle counts all that it will load as its progress from the first", async () => {
  using mgr = paced();
  const told: [number, number][] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => told.push([done, total]);
  const loading = mgr.loadAll(NAMES, { onProgress });
  await pumpAll(mgr);
  (await loading)[Symbol.dispose]();
  assertEquals(new Set(told.map(([, total]) => total)), new Set([400]));
  assertEquals(told.at(-1), [400, 400]);
  assertEquals(told.findIndex(([done]) => done === 400), told.length - 1);
});

Deno.test("ResourceManager.settled() waits for what a large bundle has not begun yet", async () => {
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

Deno.test("a large bundle that is withdrawn begins nothing more, whoever withdraws it", async () => {
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

Deno.test("a manager that ends between two parts of a bundle tells that bundle", async () => {
  const mgr = paced();
  const scope = mgr.scope("level");
  const loading = scope.loadAll(NAMES);
  // Somebody else wants all that was begun, and at once: it lands before the rest is begun.
  const urgent = NAMES.slice(0, 128).map((name) => mgr.loadAsync(name, { priority: "high" }));
  while (mgr.pending().some(({ state }) => state !== "waiting")) await turns();
  for (let piece = 0; piece < 128; piece++) mgr.pump({ maxMs: 0 });
  for (const each of urgent) (await each)[Symbol.dispose]();
  assertEquals([mgr.pending().length, mgr.size], [0, 128]);
  mgr[Symbol.dispose]();
  assert(isWithdrawn(await assertRejects(() => loading)));
});

Deno.test("the bundle of a loader begins at once: it is as urgent as the loader becomes", async () => {
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
