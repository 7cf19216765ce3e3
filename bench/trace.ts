/**
 * Measures the cost of tracing: the time and memory of an event while a trace runs, and the time of
 * a hit without a trace, before the first trace and after it. Checks that the work was done, and
 * exits with 1 if a limit is passed.
 */
import type { ResourceManager } from "../mod.ts";
import { collectGarbage } from "../src/testing.ts";
import { startTrace, type Trace } from "../src/trace.ts";
import { report } from "./_report.ts";
import {
  BareMap,
  filled,
  generating,
  loadAndDispose,
  nameOf,
  namesOf,
  prove,
  Sprite,
} from "./_sprites.ts";

const LOOPS = 5_000;
const ROUNDS = 400;
const NAMES = 10_000;
const HOT = 7;
/** The limit for an event, in ns. A hit and its disposal are two events. */
const EVENT_LIMIT = 300;
/**
 * The limit for a hit after a trace, as a multiple of a hit before the first trace. Both are
 * relative to the bare map at that time, because the machine itself may be half as fast later.
 */
const AFTER_LIMIT = 1.4;
/** How often a hit over its limit is measured again, because noise disappears then. */
const ATTEMPTS = 3;
/** The limits for the memory of an event, and of a load in addition, in bytes. */
const BYTES_LIMIT = 22;
const LOAD_BYTES_LIMIT = 165;
const MAP = "bare Map";

const hot = nameOf(HOT);

interface Contender {
  readonly name: string;
  readonly mgr: ResourceManager | BareMap;
}

const map: Contender = { name: MAP, mgr: new BareMap(NAMES) };

/** Two managers: one holds the hot sprite, in the other it becomes idle each time. */
function pair(kind: string): Contender[] {
  const held = filled(NAMES);
  held.acquire(hot);
  return [{ name: `held, ${kind}`, mgr: held }, { name: `idle, ${kind}`, mgr: filled(NAMES) }];
}

/**
 * The nanoseconds of a load, its value and its disposal: the tenth percentile of short rounds in
 * turn, which other work of the machine does not reach.
 */
async function measure(contenders: readonly Contender[]): Promise<Map<string, number>> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, mgr } of contenders) {
      const start = performance.now();
      const sum = mgr instanceof BareMap ? mgr.run(hot, LOOPS) : loadAndDispose(mgr, hot, LOOPS);
      times.get(name)!.push((performance.now() - start) / LOOPS * 1e6);
      prove(name, sum === HOT * LOOPS);
    }
    // Finalizers run in a later task.
    if (round % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const quick = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 10)]!;
  return new Map([...times].map(([name, list]) => [name, quick(list)]));
}

/** Measures contenders while they are traced, and proves that every event was recorded. */
async function measureTraced(contenders: readonly Contender[]): Promise<Map<string, number>> {
  const options = { maxEvents: 100_000 };
  const traces: Trace[] = contenders.map(({ mgr }) => startTrace(mgr as ResourceManager, options));
  const times = await measure(contenders);
  for (const trace of traces) {
    trace[Symbol.dispose]();
    const seen = trace.events + trace.forgotten;
    prove("the trace", trace.events === 100_000 && seen === 2 * LOOPS * ROUNDS);
  }
  return times;
}

/** The bytes in use after garbage was collected. */
async function bytesInUse(): Promise<number> {
  await collectGarbage({ collections: 3 });
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** The bytes that a trace keeps for each event, and the events of each load and disposal. */
async function bytesOfEvent(mgr: ResourceManager, loads: number): Promise<[number, number]> {
  const names = namesOf(1000);
  const play = () => {
    for (let i = 0; i < loads; i++) mgr.load(names[i % names.length]!, Sprite)[Symbol.dispose]();
  };
  play();
  const before = await bytesInUse();
  const trace = startTrace(mgr);
  play();
  const bytes = await bytesInUse() - before;
  trace[Symbol.dispose]();
  prove("the trace", trace.forgotten === 0 && trace.events >= 2 * loads);
  return [bytes / trace.events, trace.events / loads];
}

const untraced = pair("never traced");
const traced = pair("traced before");
const before = await measure([map, ...untraced]);
const during = await measureTraced(traced);

/** The limit for a hit, adjusted by the cost of the bare map in `after`. */
function limitOf(name: string, after: ReadonlyMap<string, number>): number {
  const speed = after.get(MAP)! / before.get(MAP)!;
  const known = before.get(name === MAP ? MAP : `${name.split(",")[0]}, never traced`)!;
  return known * speed * AFTER_LIMIT;
}

async function measureAfter(): Promise<Map<string, number>> {
  const contenders = [map, ...untraced, ...traced, ...pair("made afterwards")];
  for (let attempt = 1;; attempt++) {
    const after = await measure(contenders);
    const kept = [...after].every(([name, ns]) => ns <= limitOf(name, after));
    if (kept || attempt === ATTEMPTS) return after;
  }
}

const after = await measureAfter();

for (const [name, ns] of before) report(`before any trace: ${name}`, ns, { unit: "ns a hit" });
for (const [name, ns] of during) {
  report(`traced: ${name.split(",")[0]}`, ns / 2, { unit: "ns an event", atMost: EVENT_LIMIT });
}
for (const [name, ns] of after) {
  report(`after a trace: ${name}`, ns, { unit: "ns a hit", atMost: limitOf(name, after) });
}

const [bytes] = await bytesOfEvent(filled(1000), 300_000);
report("memory", bytes, { unit: "bytes an event", atMost: BYTES_LIMIT });
const [bytesWithLoad, eventsOfLoad] = await bytesOfEvent(generating(), 100_000);
const more = (bytesWithLoad - bytes) * eventsOfLoad;
report("memory of a load, beside its events", more, {
  unit: "bytes a load",
  atMost: LOAD_BYTES_LIMIT,
});
