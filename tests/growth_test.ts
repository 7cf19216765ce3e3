/** What must cost the same however much there is around it: compared within this run. */
import { assertEquals, assertLess } from "@std/assert";
import { GROWTH, type GrowthName } from "../bench/compare/growth.ts";
import type { Work } from "../bench/compare/workloads.ts";

const FEW = 100;
const MANY = 100_000;
const ROUNDS = 15;
/** How often a ratio that is too large is measured again: a busy machine passes, a curve that climbs does not. */
const ATTEMPTS = 3;

/**
 * By how much each may grow from {@linkcode FEW} to {@linkcode MANY}. What allocates or looks at each of
 * many entries meets caches of the processor that are too small; what goes through all of them is
 * a hundred times the bound.
 */
const BOUNDS: Record<GrowthName, number> = {
  "hit, held, of n resident": 2,
  "hit through idle, of n idle": 2,
  "64 names in turns, of n idle": 2,
  "hit beside n open handles": 2,
  "hit beside n listeners": 2,
  "`with`, of n idle": 2,
  "`acquire` and `release`, of n idle": 2,
  "a miss and its unloading, beside n idle": 5,
  "a miss that evicts, of n that fit": 5,
  "`unloadUnused`, for each of n idle": 5,
  "`unloadUnused`, for each of 100 idle beside n live": 5,
};

/** Milliseconds that one time takes. */
function once(work: Work, steps: number): number {
  if (work.timed !== undefined) return work.timed(steps) / (steps * work.times);
  const start = performance.now();
  for (let i = 0; i < steps; i++) work.step();
  return (performance.now() - start) / (steps * work.times);
}

/** The least of several, taken in turns. */
async function least(works: readonly Work[]): Promise<number[]> {
  const times = works.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, work] of works.entries()) {
      const steps = Math.max(1, Math.round(20_000 / work.times));
      times[i] = Math.min(times[i]!, once(work, steps));
      await new Promise((resolve) => setTimeout(resolve, 0)); // detection works in tasks of its own
    }
  }
  return times;
}

for (const name of Object.keys(GROWTH) as GrowthName[]) {
  Deno.test(`${name}: as dear at n = ${MANY} as at ${FEW}`, async () => {
    const works = [GROWTH[name](FEW), GROWTH[name](MANY)];
    for (const work of works) assertEquals(work.step(), work.expected.sum);
    let ratio = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS && ratio > BOUNDS[name]; attempt++) {
      const [few, many] = await least(works) as [number, number];
      ratio = many / few;
    }
    for (const work of works) work.end?.();
    assertLess(ratio, BOUNDS[name], `${ratio.toFixed(1)} times as much`);
  });
}
