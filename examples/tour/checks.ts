import { bold, green, red } from "@std/fmt/colors";

/** Claims, each with what was found. */
export class Checks {
  readonly #lines: string[] = [];
  #failed = 0;

  /** Checks that two values are the same, by what they look like as JSON. */
  equal(claim: string, actual: unknown, expected: unknown): void {
    const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    this.that(claim, found === wanted, `expected ${wanted}, found ${found}`);
  }

  /** Checks that something holds; `problem` says what is the case if not. */
  that(claim: string, holds: boolean, problem: string): void {
    if (!holds) this.#failed++;
    this.#lines.push(
      holds ? `${green("ok")}      ${claim}` : `${red("FAILED")}  ${claim}: ${problem}`,
    );
  }

  /** Prints every claim, and lets the process exit with 1 if one failed. */
  settle(): void {
    const count = this.#lines.length;
    console.log(`\n${bold("The tour's claims")}`);
    for (const line of this.#lines) console.log(line);
    console.log(this.#failed === 0 ? `all ${count} hold` : `${this.#failed} of ${count} failed`);
    if (this.#failed > 0) Deno.exitCode = 1;
  }
}
