/** Compares what does a similar job, in this process: medians of rounds in turn. */
import { median } from "./_median.ts";

const ROUNDS = 15;
/** How often a cost over its limit is measured again: noise goes away then, and slower code does not. */
const ATTEMPTS = 3;

export interface Contender {
  readonly name: string;
  /** Does the work, and throws if it was not done. */
  run(): void | Promise<void>;
  /** How many times the cost of the first contender this one may cost. */
  readonly limit?: number;
}

/** Lets finalizers run, which come in a later task: they must not slow what is measured next. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The median milliseconds of each, taken in turn, so that a slow moment hits all of them. */
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

/** What to print behind a value that has a limit. */
export function verdictOn(value: number, limit = Infinity): string {
  if (limit === Infinity) return "";
  return value > limit ? `  over the limit of ${limit}` : `  (limit ${limit})`;
}

/** Prints what each contender costs. Returns whether all kept their limits in one of some attempts. */
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
