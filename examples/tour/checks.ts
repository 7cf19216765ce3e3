import { green, red } from "@std/fmt/colors";

/** Checks claims, and collects those that fail. */
export class Checks {
  #held = 0;
  /** The claims that failed, each with the problem. */
  readonly #failed: string[] = [];

  /** Checks that two values are the same as JSON. */
  equal(claim: string, actual: unknown, expected: unknown): void {
    const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.that(claim, found === wanted, `expected ${wanted}, found ${found}`);
  }

  /** Checks that something holds. If not, the report contains `problem`. */
  that(claim: string, holds: boolean, problem: string): void {
    if (holds) this.#held++;
    else this.#failed.push(`${claim}: ${problem}`);
  }

  /** Prints the claims that failed, and how many hold. If any failed, the process exits with 1. */
  settle(): void {
    console.log();
    for (const claim of this.#failed) console.log(`${red("FAILED")}  ${claim}`);
    const count = this.#held + this.#failed.length;
    if (this.#failed.length === 0) return console.log(green(`${count} claims hold`));
    console.log(red(`${this.#failed.length} of ${count} claims failed`));
    Deno.exitCode = 1;
  }
}
