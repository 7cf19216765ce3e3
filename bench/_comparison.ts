/** Compares ways to do a similar job in this process, by the medians of rounds in turn. */
import { median } from "./_median.ts";

const ROUNDS = 15;
/**
 * How often a cost over its limit is measured again. Noise disappears then, slower code does not.
 */
const ATTEMPTS = 3;

export interface Contender {
  readonly name: string;
  /** Does the work, and throws if it was not done. */
  run(): void | Promise<void>;
  /** The highest cost that is allowed, as a multiple of the first contender's cost. */
  readonly limit?: number;
}

/** Lets finalizers run in a later task, so that they do not slow down the next measurement. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * The median milliseconds of each contender. They run in turn, so that a slow moment hits all of
 * them.
 */
async function measure(contenders: readonly Contender[], rounds: number): Promise<number[]> {
  const times = contenders.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const start = performance.now();
      await contender.run();
      times[i]!.push(performance.now() - start);
      await settle();
    }
  }
  return times.map(median);
}

/** The text after a value that has a limit. */
export function verdictOn(value: number, limit = Infinity): string {
  if (limit === Infinity) return "";
  return value > limit ? `  over the limit of ${limit}` : `  (limit ${limit})`;
}

/**
 * Prints the cost of each contender. Returns whether each kept its limit in at least one attempt.
 */
export async function compare(
  title: string,
  contenders: readonly Contender[],
  rounds: number = ROUNDS,
): Promise<boolean> {
  for (const contender of contenders) await contender.run();
  console.log(title);
  const best = contenders.map(() => ({ ms: Infinity, ratio: Infinity }));
  const over = () => contenders.filter(({ limit = Infinity }, i) => best[i]!.ratio > limit);
  for (let attempt = 0; attempt < ATTEMPTS && (attempt === 0 || over().length > 0); attempt++) {
    const times = await measure(contenders, rounds);
    for (const [i, ms] of times.entries()) {
      const ratio = ms / times[0]!;
      if (ratio < best[i]!.ratio) best[i] = { ms, ratio };
    }
  }
  for (const [i, { name, limit }] of contenders.entries()) {
    const { ms, ratio } = best[i]!;
    const figures = `${ms.toFixed(2).padStart(9)} ms ${ratio.toFixed(2).padStart(6)} ×`;
    console.log(`  ${name.padEnd(44)}${figures}${verdictOn(ratio, limit)}`);
  }
  return over().length === 0;
}
