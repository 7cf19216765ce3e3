/**
 * Runs one contender in its own process, for `race.ts`. Proves that it does the work. Then it
 * measures a round for each line of input, and answers with the nanoseconds of one operation.
 */
import { type ContenderName, CONTENDERS } from "./contenders.ts";
import { GROWTH, type GrowthName } from "./growth.ts";
import {
  type Operation,
  type OperationName,
  OPERATIONS,
  prepare,
  Residents,
} from "../operations.ts";
import { type Work, type WorkloadName, WORKLOADS } from "./workloads.ts";
import type { Contender } from "./contender.ts";

/**
 * The shortest round, in ms, so that the task after it, in which finalizers run, does not matter.
 */
const ROUND = 50;

/** The time to warm up before anything is measured, in ms. */
const WARM_UP = 300;

/** How often a step uses each name of an operation. */
const TURNS = 64;

/**
 * Throws unless a step does its work, because a benchmark that measures nothing is worse than none.
 */
function prove(name: string, work: Work, cache?: Contender): void {
  const made = cache?.made ?? 0;
  const gone = cache?.gone ?? 0;
  const { expected } = work;
  const done = {
    sum: work.step(),
    made: (cache?.made ?? 0) - made,
    gone: (cache?.gone ?? 0) - gone,
  };
  for (const [what, count] of Object.entries(expected)) {
    if (done[what as keyof typeof done] === count) continue;
    throw new Error(`Cannot measure ${name}: ${JSON.stringify({ expected, done })}`);
  }
}

/** The milliseconds of some steps, including the work that they leave for a later task. */
async function timed(work: Work, steps: number): Promise<number> {
  if (work.timed !== undefined) return work.timed(steps);
  const start = performance.now();
  for (let i = 0; i < steps; i++) work.step();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return performance.now() - start;
}

/** How many steps make a round, after V8 has compiled the code. */
async function calibrate(work: Work): Promise<number> {
  const ready = performance.now() + WARM_UP;
  while (performance.now() < ready) await timed(work, 1);
  for (let steps = 1;; steps *= 2) {
    const ms = await timed(work, steps);
    if (ms >= ROUND) return steps;
  }
}

/** An operation as work: it uses its names in turn, several times. */
function operationWork(name: OperationName, count: number): Work {
  const { residents, times = 1 }: Operation = OPERATIONS[name];
  const { run, before, expected } = prepare(name, new Residents(count, residents));
  const runs = before === undefined ? TURNS * expected.length : 1;
  const step = () => {
    before?.();
    let sum = 0;
    for (let i = 0; i < runs; i++) sum += run();
    return sum;
  };
  const sum = before === undefined ? TURNS * expected.reduce((a, b) => a + b) : expected[0]!;
  const work = { step, times: runs * times, expected: { sum } };
  if (before === undefined) return work;
  const timed = (steps: number) => {
    let ms = 0;
    for (let i = 0; i < steps; i++) {
      before();
      const start = performance.now();
      run();
      ms += performance.now() - start;
    }
    return ms;
  };
  return { ...work, timed };
}

async function workOf(kind: string, what: string, who: string): Promise<[Work, Contender?]> {
  if (kind === "growth") return [GROWTH[what as GrowthName](Number(who))];
  if (kind === "operation") return [operationWork(what as OperationName, Number(who))];
  const { options, prepare } = WORKLOADS[what as WorkloadName];
  const cache = await CONTENDERS[who as ContenderName](options);
  return [prepare(cache), cache];
}

/** Yields when a round should be measured: `count` times, or for each line of input. */
async function* rounds(count: string | undefined): AsyncGenerator<unknown> {
  if (count === undefined) yield* Deno.stdin.readable;
  else for (let round = 0; round < Number(count); round++) yield round;
}

const [kind, what, who, count] = Deno.args as [string, string, string, string?];
const [work, cache] = await workOf(kind, what, who);
prove(`${what} by ${who}`, work, cache);
const steps = await calibrate(work);
console.log("ready");
for await (const _round of rounds(count)) {
  console.log(await timed(work, steps) * 1e6 / (steps * work.times));
  if ((cache?.leaks ?? 0) > 0) {
    throw new Error(`Cannot measure ${what} by ${who}: it forgot handles`);
  }
}
