/** Checks that an operation costs the same however much is loaded. */
import { type OperationName, OPERATIONS, RESIDENTS } from "../operations.ts";
import { GROWTH, type GrowthName } from "./growth.ts";
import { race, type Runner } from "./race.ts";
import { grouped } from "./tables.ts";

/** The nanoseconds of one operation with each number of {@linkcode RESIDENTS}. */
export type OperationTimes = Record<OperationName, readonly number[]>;

/** The cost of an operation as something around it grows. */
export interface Curve {
  readonly what: string;
  readonly sizes: readonly number[];
  /** The nanoseconds at each of the sizes. */
  readonly times: readonly number[];
  /** How many sizes count as small, from the first on. */
  readonly small: number;
  /** The highest cost at a large size that is allowed, as a multiple of the cost at a small one. */
  readonly atMost: number;
}

/**
 * How often a curve that climbs is measured again. The noise of a busy machine disappears then, but
 * not the cost of an algorithm that does more work.
 */
const ATTEMPTS = 3;

/**
 * With many residents, an operation took up to 1.5 times as long as with few, and 1.8 times while
 * other programs ran, because memory is further away. An operation that looks at each resident
 * would exceed the bound a thousand times, and a binary search of 1 000 000 takes 6 times as many
 * steps as one of 10.
 */
const OPERATION_AT_MOST = 2;

const [FEW, MANY] = [100, 100_000];
/**
 * The bounds for growth from {@linkcode FEW} to {@linkcode MANY}. Operations with a bound of 5 go
 * from one entry to the next, so they wait for memory that is not in the processor's caches.
 * Looking at all entries would cost a thousand times as much.
 */
const BESIDE_AT_MOST: Partial<Record<GrowthName, number>> = {
  "hit beside n open handles": 2,
  "hit beside n listeners": 2,
  "a miss and its unloading, beside n idle": 5,
  "a miss that evicts, of n that fit": 5,
  "`unloadUnused`, for each of n idle": 5,
  "`unloadUnused`, for each of 100 idle beside n live": 4,
};

/** The highest cost at a large size, as a multiple of the lowest cost at a small size. */
export function climb({ times, small }: Curve): number {
  return Math.max(...times.slice(small)) / Math.min(...times.slice(0, small));
}

/** A curve as one line of text. */
export function lineOf(curve: Curve): string {
  const steps = curve.sizes.map((size, i) => `${grouped(size)}: ${curve.times[i]!.toFixed(1)}`);
  return `${curve.what}: ${climb(curve).toFixed(2)} × (${steps.join("   ")} ns)`;
}

/** The problem of a curve that climbs too much; `undefined` for other curves. */
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

/** The curves of the measured operations. */
export function operationCurves(operations: OperationTimes): Curve[] {
  return Object.entries(operations).map(([name, times]) =>
    operationCurve(name as OperationName, times)
  );
}

/** Measures each size in its own process, all in turn. */
async function timesAt(sizes: readonly number[], kind: string, name: string): Promise<number[]> {
  const runners: Runner[] = sizes.map((size) => ({
    name: `${size}`,
    args: [kind, name, `${size}`],
  }));
  const { times, missing } = await race(runners, 1);
  if (missing.size > 0) throw new Error([...missing.values()].join("\n"));
  return [...times.values()];
}

/** Measures a curve until it keeps its bound, a few times at most. Returns the flattest one. */
async function flattest(measure: () => Promise<Curve>): Promise<Curve> {
  let best = await measure();
  for (let i = 1; i < ATTEMPTS && complaint(best) !== undefined; i++) {
    const again = await measure();
    if (climb(again) < climb(best)) best = again;
  }
  return best;
}

/** Measures operations with each number of residents. */
export async function* measureOperations(
  names = Object.keys(OPERATIONS) as OperationName[],
): AsyncGenerator<[OperationName, Curve]> {
  for (const name of names) {
    const measure = async () => operationCurve(name, await timesAt(RESIDENTS, "operation", name));
    yield [name, await flattest(measure)];
  }
}

/**
 * Measures operations that must not cost more when there is more of something else, such as open
 * handles.
 */
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
