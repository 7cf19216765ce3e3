/**
 * What the hot path costs, as ratios within one run: medians over interleaved rounds, each
 * contender's work checked before it is timed. Exits with 1 if a limit is passed.
 *
 * `--quick` takes fewer rounds; `--readme` writes the figures into the README.
 */
import type { ResourceManager } from "../mod.ts";
import { BareMap, filled, loadAndDispose, nameOf, Sprite } from "./_sprites.ts";

const ROUNDS = Deno.args.includes("--quick") ? 7 : 31;
const LOOPS = 200_000;
const NAMES = 10_000;
const HOT = 7;
const README = new URL("../README.md", import.meta.url);

interface Contender {
  readonly name: string;
  /** Does the work `loops` times and returns the sum of the ids that it saw. */
  run(loops: number): number;
  /** Which contender it is compared with, and how many times its cost it may cost. */
  readonly limit?: { readonly of: string; readonly ratio: number };
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

const MAP = "bare `Map`, count up and down";
const USING = "empty `using`";
const IDLE = (size: number) => `through idle, ${size.toLocaleString("en")} resident`;
const SIZES = [10, 1_000, 100_000, 1_000_000];

function contenders(): Contender[] {
  const hot = nameOf(HOT);
  const map = new BareMap(NAMES);
  const [held, heldUnwatched] = [true, false].map((detect) => {
    const mgr = filled(NAMES, { leaks: { detect } });
    mgr.acquire(hot);
    return mgr;
  }) as [ResourceManager, ResourceManager];
  const idle = filled(NAMES);
  const idleUnwatched = filled(NAMES, { leaks: { detect: false } });
  return [
    { name: MAP, run: (n) => map.run(hot, n) },
    {
      name: "load, value, dispose: held",
      run: (n) => loadAndDispose(held, hot, n),
      limit: { of: MAP, ratio: 3.5 },
    },
    { name: "the same without leak detection", run: (n) => loadAndDispose(heldUnwatched, hot, n) },
    {
      name: "load, value, dispose: through idle",
      run: (n) => loadAndDispose(idle, hot, n),
      limit: { of: MAP, ratio: 5 },
    },
    { name: "the same without detection", run: (n) => loadAndDispose(idleUnwatched, hot, n) },
    { name: USING, run: (n) => usingAlone(HOT, n) },
    {
      name: "`using` load, value",
      run: (n) => loadUsing(held, hot, n),
      limit: { of: USING, ratio: 1.25 },
    },
    { name: "a load in a scope of 64", run: (n) => scopeOf64(held, hot, n) },
  ];
}

/** Measured after the others: a million residents give the collector work that slows everything. */
function sizes(): Contender[] {
  return SIZES.map((size) => {
    const mgr = filled(size);
    return {
      name: IDLE(size),
      run: (n: number) => loadAndDispose(mgr, nameOf(HOT), n),
      limit: { of: IDLE(SIZES[0]!), ratio: 1.5 },
    };
  });
}

interface Row {
  readonly name: string;
  readonly ns: number;
  readonly ratio: number;
  readonly compared: string;
  readonly passed: boolean;
}

function rowsOf(list: Contender[], times: Map<string, number>): Row[] {
  return list.map(({ name, limit = { of: MAP, ratio: Infinity } }) => {
    const ns = times.get(name)!;
    const ratio = ns / times.get(limit.of)!;
    return { name, ns, ratio, compared: limit.of, passed: ratio <= limit.ratio };
  });
}

function table(rows: Row[]): string {
  const lines = rows.map(({ name, ns, ratio, compared }) =>
    `| ${name} | ${ns.toFixed(1)} | ${ratio.toFixed(2)} × ${compared} |`
  );
  return ["| one time | ns | ratio |", "| --- | --- | --- |", ...lines].join("\n");
}

function writeReadme(rows: Row[]): void {
  const marks = /(<!-- figures:start -->\n)[^]*(<!-- figures:end -->)/;
  const text = Deno.readTextFileSync(README);
  Deno.writeTextFileSync(README, text.replace(marks, `$1\n${table(rows)}\n\n$2`));
}

const rows: Row[] = [];
for (const make of [contenders, sizes]) {
  const list = make();
  rows.push(...rowsOf(list, await measure(list, HOT)));
}
for (const { name, ns, ratio, compared, passed } of rows) {
  const figures = `${ns.toFixed(1).padStart(7)} ns ${ratio.toFixed(2).padStart(6)} × ${compared}`;
  console.log(`${name.padEnd(38)}${figures}${passed ? "" : "  over the limit"}`);
}
if (Deno.args.includes("--readme")) writeReadme(rows);
if (rows.some(({ passed }) => !passed)) Deno.exitCode = 1;
