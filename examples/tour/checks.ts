import { green, red } from "@std/fmt/colors";

/** Claims, each with what was found. */
export class Checks {
  #held = 0;
  /** Those that failed, with what was found instead. */
  readonly #failed: string[] = [];

  /** Checks that two values are the same, by what they look like as JSON. */
  equal(claim: string, actual: unknown, expected: unknown): void {
    const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.that(claim, found === wanted, `expected ${wanted}, found ${found}`);
  }

  /** Checks that something holds; `problem` says what is the case if not. */
  that(claim: string, holds: boolean, problem: string): void {
    if (holds) this.#held++;
    else this.#failed.push(`${claim}: ${problem}`);
  }

  /** Says how many claims hold and prints the others, which let the process exit with 1. */
  settle(): void {
    console.log();
    for (const claim of this.#failed) console.log(`${red("FAILED")}  ${claim}`);
    const count = this.#held + this.#failed.length;
    if (this.#failed.length === 0) return console.log(green(`${count} claims hold`));
    console.log(red(`${this.#failed.length} of ${count} claims failed`));
    Deno.exitCode = 1;
  }
}
