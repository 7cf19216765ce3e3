/**
 * What the hot path costs, as ratios within one run: medians over interleaved rounds, each
 * contender's work checked before it is timed. Exits non-zero if a limit is passed.
 *
 * `deno task bench` runs it; `--quick` takes fewer rounds.
 */
import { MemorySource, ResourceManager } from "../mod.ts";

const ROUNDS = Deno.args.includes("--quick") ? 7 : 25;
const LOOPS = 200_000;
const NAMES = 10_000;

class Sprite {
  constructor(readonly id: number) {}
}

interface Contender {
  readonly name: string;
  /** Does the work `loops` times and returns the sum of the ids that it saw. */
  run(loops: number): number;
}

function nameOf(id: number): string {
  return `sprites/sprite-${id}.png`;
}

/** The bare minimum: a map and a count, nothing checked, nothing watched. */
class BareMap {
  readonly #entries = new Map<string, { value: Sprite; count: number }>();

  constructor(names: number) {
    for (let id = 0; id < names; id++) {
      this.#entries.set(nameOf(id), { value: new Sprite(id), count: 0 });
    }
  }

  acquire(name: string): Sprite {
    const entry = this.#entries.get(name)!;
    entry.count++;
    return entry.value;
  }

  release(name: string): void {
    this.#entries.get(name)!.count--;
  }

  run(name: string, loops: number): number {
    const entries = this.#entries;
    let sum = 0;
    for (let i = 0; i < loops; i++) {
      const entry = entries.get(name)!;
      entry.count++;
      sum += entry.value.id;
      entry.count--;
    }
    return sum;
  }
}

function filled(names: number, detect = true): ResourceManager {
  const mgr = new ResourceManager({ source: new MemorySource(), idle: "keep", leaks: { detect } });
  for (let id = 0; id < names; id++) {
    mgr.add(nameOf(id), new Sprite(id), { byteLength: 64 })[Symbol.dispose]();
  }
  return mgr;
}

function loadAndDispose(mgr: ResourceManager, name: string, loops: number): number {
  let sum = 0;
  for (let i = 0; i < loops; i++) {
    const sprite = mgr.load(name, Sprite);
    sum += sprite.value.id;
    sprite[Symbol.dispose]();
  }
  return sum;
}

function loadUsing(mgr: ResourceManager, name: string, loops: number): number {
  let sum = 0;
  for (let i = 0; i < loops; i++) {
    using sprite = mgr.load(name, Sprite);
    sum += sprite.value.id;
  }
  return sum;
}

class Nothing {
  [Symbol.dispose](): void {}
}

function usingAlone(id: number, loops: number): number {
  const nothing = new Nothing();
  let sum = 0;
  for (let i = 0; i < loops; i++) {
    using _nothing = nothing;
    sum += id;
  }
  return sum;
}

function scopeOf64(mgr: ResourceManager, name: string, loops: number): number {
  let sum = 0;
  for (let i = 0; i < loops; i += 64) {
    using scope = mgr.scope("frame");
    for (let j = 0; j < 64 && i + j < loops; j++) sum += scope.load(name, Sprite).value.id;
  }
  return sum;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}

/** Nanoseconds for one loop of each contender. Yields between rounds: collections report in a task. */
async function measure(contenders: Contender[], expected: number): Promise<Map<string, number>> {
  for (const { name, run } of contenders) {
    if (run(LOOPS) !== expected * LOOPS) throw new Error(`${name} did not do the work`);
  }
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of contenders) {
      const start = performance.now();
      run(LOOPS);
      times.get(name)!.push((performance.now() - start) / LOOPS * 1e6);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

const HOT = 7;
const hot = nameOf(HOT);
const sizes = [10, 1_000, 100_000, 1_000_000];

using mgr = filled(NAMES);
using unwatched = filled(NAMES, false);
using _held = mgr.load(nameOf(HOT + 1), Sprite);
const map = new BareMap(NAMES);
const managers = sizes.map((size) => ({ size, mgr: filled(size) }));
const held = nameOf(HOT);
using heldManager = filled(NAMES);
using _heldSprite = heldManager.load(held, Sprite);
using heldUnwatched = filled(NAMES, false);
using _heldUnwatched = heldUnwatched.load(held, Sprite);

const times = await measure([
  { name: "bare Map, count up and down", run: (loops) => map.run(hot, loops) },
  { name: "load, value, dispose: held", run: (n) => loadAndDispose(heldManager, hot, n) },
  { name: "the same, detection off", run: (n) => loadAndDispose(heldUnwatched, hot, n) },
  { name: "load, value, dispose: through idle", run: (n) => loadAndDispose(mgr, hot, n) },
  { name: "the same, idle, detection off", run: (n) => loadAndDispose(unwatched, hot, n) },
  { name: "empty using", run: (n) => usingAlone(HOT, n) },
  { name: "using load, value", run: (n) => loadUsing(heldManager, hot, n) },
  { name: "a load in a scope of 64", run: (n) => scopeOf64(heldManager, hot, n) },
  ...managers.map(({ size, mgr }) => ({
    name: `through idle, ${size} resident`,
    run: (n: number) => loadAndDispose(mgr, hot, n),
  })),
], HOT);
for (const { mgr } of managers) mgr[Symbol.dispose]();

const base = times.get("bare Map, count up and down")!;
for (const [name, ns] of times) {
  console.log(`${name.padEnd(36)} ${ns.toFixed(1).padStart(8)} ns ${(ns / base).toFixed(2)} ×`);
}
