/**
 * What must not cost more as work grows: compared within this run, with room for a noisy machine.
 * Left out of the coverage run, which measures code that V8 may not optimise.
 */
import { assertEquals, assertLess } from "@std/assert";
import { BareMap, filled, loadAndDispose, nameOf, Sprite } from "../bench/_sprites.ts";
import { bytesLoader, ResourceManager } from "../mod.ts";
import { collectGarbage } from "../src/testing.ts";

const HOT = 7;
const hot = nameOf(HOT);
const LOOPS = 20_000;
const ROUNDS = 25;

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

/** The median milliseconds of each, taken in turns, so that a slow moment hits all of them. */
async function times(runs: (() => void | Promise<void>)[]): Promise<number[]> {
  const taken = runs.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      await run();
      taken[i]!.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 0)); // detection works in tasks of its own
    }
  }
  return taken.map(median);
}

Deno.test("a hit costs a few times a bare Map.get() with a count, held or through idle", async () => {
  using idle = filled(1_000);
  using held = filled(1_000);
  held.acquire(hot);
  const map = new BareMap(1_000);
  const check = (sum: number) => assertEquals(sum, HOT * LOOPS);
  const [bare, live, flipping] = await times([
    () => check(map.run(hot, LOOPS)),
    () => check(loadAndDispose(held, hot, LOOPS)),
    () => check(loadAndDispose(idle, hot, LOOPS)),
  ]) as [number, number, number];
  held.release(hot);
  // Measured at 2.7 and 3.9. These are the places where somebody has doubled the cost.
  assertLess(live / bare, 6, `${(live / bare).toFixed(1)} times a bare Map`);
  assertLess(flipping / bare, 9, `${(flipping / bare).toFixed(1)} times a bare Map`);
});

Deno.test("a hit costs the same beside 10 and beside 300 000 residents", async () => {
  using few = filled(10);
  using many = filled(300_000);
  const [small, large] = await times([
    () => void loadAndDispose(few, hot, LOOPS),
    () => void loadAndDispose(many, hot, LOOPS),
  ]) as [number, number];
  assertLess(large / small, 2.5, `${(large / small).toFixed(1)} times as much`);
});

Deno.test("a hit allocates its handle of five words, and nothing else", async () => {
  using mgr = filled(10);
  mgr.acquire(hot);
  const open = new Array<Disposable>(900).fill(mgr); // fewer than are registered with the collector
  const sizes: number[] = [];
  for (let round = 0; round < 9; round++) {
    await collectGarbage({ collections: 1 });
    using _first = mgr.load(hot, Sprite); // sends out the sentinel, once for each collection
    const before = Deno.memoryUsage().heapUsed;
    for (let i = 0; i < open.length; i++) open[i] = mgr.load(hot, Sprite);
    sizes.push((Deno.memoryUsage().heapUsed - before) / open.length);
    for (const handle of open) handle[Symbol.dispose]();
  }
  mgr.release(hot);
  assertLess(median(sizes), 48, `${median(sizes).toFixed(1)} bytes for each hit`);
});

Deno.test("unloadUnused() takes as long beside 100 live residents as beside 300 000", async () => {
  const managers = [100, 300_000].map((live) => {
    const mgr = filled(live);
    for (let id = 0; id < live; id++) mgr.acquire(nameOf(id));
    return mgr;
  });
  const runs = managers.map((mgr) => () => {
    for (let id = 0; id < 500; id++) mgr.add(`idle/${id}`, id)[Symbol.dispose]();
    assertEquals(mgr.unloadUnused(), 500);
  });
  const [few, many] = await times(runs) as [number, number];
  for (const mgr of managers) mgr.clear({ force: true });
  assertLess(many / few, 4, `${(many / few).toFixed(1)} times as much`);
});

Deno.test("a burst of changes is reloaded as fast beside 1 000 residents as beside 100 000", async () => {
  const runs = [1_000, 100_000].map((residents) => {
    let onChange = (_key: string): void => {};
    const mgr = new ResourceManager({
      source: {
        read: () => new Uint8Array(8),
        watch(listener) {
          onChange = listener;
          return { [Symbol.dispose]() {} };
        },
      },
      loaders: [bytesLoader],
      idle: "keep",
    });
    for (let id = 0; id < residents; id++) mgr.load(`${id}.bin`, Uint8Array)[Symbol.dispose]();
    mgr.watch({ debounce: 0 });
    const run = async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let reloads = 0;
      using _reloads = mgr.on("reload", () => ++reloads === 200 && resolve());
      for (let id = 0; id < 200; id++) onChange(`${id}.bin`);
      await promise;
    };
    return { mgr, run };
  });
  const [few, many] = await times(runs.map(({ run }) => run)) as [number, number];
  for (const { mgr } of runs) mgr[Symbol.dispose]();
  // It is the look at every resident that must not come back: 5 ms for 100 000.
  assertLess(many / few, 2.5, `${(many / few).toFixed(1)} times as much`);
});
