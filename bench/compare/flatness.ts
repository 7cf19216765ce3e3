/** Whether an operation costs the same however much is loaded. */
import { type OperationName, OPERATIONS, RESIDENTS } from "../operations.ts";
import { GROWTH, type GrowthName } from "./growth.ts";
import { race, type Runner } from "./race.ts";
import { grouped } from "./tables.ts";

/** Nanoseconds of one operation beside each number of {@linkcode RESIDENTS}. */
export type OperationTimes = Record<OperationName, readonly number[]>;

/** What an operation costs as something around it grows. */
export interface Curve {
  readonly what: string;
  readonly sizes: readonly number[];
  /** Nanoseconds at each of the sizes. */
  readonly times: readonly number[];
  /** How many of the sizes, from the first, are small. */
  readonly small: number;
  /** How many times the cost at a small size the cost at a large one may be. */
  readonly atMost: number;
}

/**
 * How often a curve that climbs is measured again: a busy machine passes then, and an algorithm that
 * looks at more does not.
 */
const ATTEMPTS = 3;

/**
 * Beside many, an operation came to at most 1.5 times what it costs beside few, and to 1.8 while other
 * programs ran: memory is further away. To look at each resident would be 1 000 times the bound, and
 * a binary search of 1 000 000 takes 6 times as many steps as one of 10.
 */
const OPERATION_AT_MOST = 2;

const [FEW, MANY] = [100, 100_000];
/**
 * What grows from {@linkcode FEW} to {@linkcode MANY} besides the residents. Those with a bound of 5
 * go from one entry to the next, so they wait for memory that is in none of the processor's caches;
 * to look at all entries would be a thousand times the cost.
 */
const BESIDE_AT_MOST: Partial<Record<GrowthName, number>> = {
  "hit beside n open handles": 2,
  "hit beside n listeners": 2,
  "a miss and its unloading, beside n idle": 5,
  "a miss that evicts, of n that fit": 5,
  "`unloadUnused`, for each of n idle": 5,
  "`unloadUnused`, for each of 100 idle beside n live": 4,
};

/** How many times the least cost at a small size the largest cost at a large size is. */
export function climb({ times, small }: Curve): number {
  return Math.max(...times.slice(small)) / Math.min(...times.slice(0, small));
}

/** A curve in a line. */
export function lineOf(curve: Curve): string {
  const steps = curve.sizes.map((size, i) => `${grouped(size)}: ${curve.times[i]!.toFixed(1)}`);
  return `${curve.what}: ${climb(curve).toFixed(2)} × (${steps.join("   ")} ns)`;
}

/** Says what is wrong with a curve that climbs too much. */
export function complaint(curve: Curve): string | undefined {
  const times = climb(curve);
  if (times <= curve.atMost) return undefined;
  const steps = curve.sizes.map((size, i) =>
    `${curve.times[i]!.toFixed(1)} ns at ${grouped(size)}`
  );
  return `"${curve.what}" costs ${times.toFixed(1)} times as much beside many as beside few, ` +
    `at most ${curve.atMost} times is allowed: ${steps.join(", ")}`;
}

function operationCurve(name: OperationName, times: readonly number[]): Curve {
  return { what: name, sizes: RESIDENTS, times, small: 2, atMost: OPERATION_AT_MOST };
}

/** The curves of operations that were measured. */
export function operationCurves(operations: OperationTimes): Curve[] {
  return Object.entries(operations).map(([name, times]) =>
    operationCurve(name as OperationName, times)
  );
}

/** Measures each size in a process of its own, all of them in turn. */
async function timesAt(sizes: readonly number[], kind: string, name: string): Promise<number[]> {
  const runners: Runner[] = sizes.map((size) => ({
    name: `${size}`,
    args: [kind, name, `${size}`],
  }));
  const { times, missing } = await race(runners, 1);
  if (missing.size > 0) throw new Error([...missing.values()].join("\n"));
  return [...times.values()];
}

/** The flattest of some attempts, of which the first that keeps the bound is the last. */
async function flattest(measure: () => Promise<Curve>): Promise<Curve> {
  let best = await measure();
  for (let i = 1; i < ATTEMPTS && complaint(best) !== undefined; i++) {
    const again = await measure();
    if (climb(again) < climb(best)) best = again;
  }
  return best;
}

/** Measures operations beside each number of residents. */
export async function* measureOperations(
  names = Object.keys(OPERATIONS) as OperationName[],
): AsyncGenerator<[OperationName, Curve]> {
  for (const name of names) {
    const measure = async () => operationCurve(name, await timesAt(RESIDENTS, "operation", name));
    yield [name, await flattest(measure)];
  }
}

/** Measures what must not cost more beside more of other things, such as open handles. */
export async function* measureBeside(): AsyncGenerator<Curve> {
  const sizes = [FEW, MANY];
  for (const what of Object.keys(GROWTH) as GrowthName[]) {
    const atMost = BESIDE_AT_MOST[what];
    if (atMost === undefined) continue;
    yield await flattest(async () => {
      const times = await timesAt(sizes, "growth", what);
      return { what, sizes, times, small: 1, atMost };
    });
  }
}
