/** The soak passes, and each of its checks can fail. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CHECKS } from "../../bench/soak/findings.ts";
import { Random } from "../../bench/soak/random.ts";
import { type Run, runDeno } from "../_run_deno.ts";

async function runSoak(...args: string[]): Promise<Run> {
  return await runDeno("run", "-q", "-A", "bench/soak.ts", ...args);
}

/** The verdicts of the table, each with its check. */
function verdicts(output: string): string[] {
  return Object.values(CHECKS).map((words) => {
    const row = output.split("\n").find((line) => line.startsWith(`${words}  `)) ?? "none";
    return `${words}: ${row.split(/ {2,}/).slice(3).join("  ")}`;
  });
}

function everyCheck(verdict: string): string[] {
  return Object.values(CHECKS).map((words) => `${words}: ${verdict}`);
}

/** The verdicts with `verdict` for the checks of the GPU that are skipped without an adapter. */
function withGpu(verdicts: string[], verdict: string): string[] {
  return verdicts.map((each) => each.replace("skipped: no adapter", verdict));
}

Deno.test("soak.ts passes, prints its tables and exits with 0", async () => {
  const { code, output } = await runSoak("--seconds=3", "--seed=3");
  assertEquals(withGpu(verdicts(output), "holds"), everyCheck("holds"), output);
  assertMatch(output, /^Soaking for 3 s, seed 3\n/);
  assertMatch(output, /^managers, one after another +16$/m);
  assertMatch(output, /^gauge +after warm-up +at the end +most +limit$/m);
  assert(output.endsWith("\nAll of it holds\n"), output);
  assertEquals(code, 0);
});

Deno.test("soak.ts finds every planted fault, says what it was and exits with 1", async () => {
  const { code, output } = await runSoak("--seconds=2", "--seed=3", "--plant");
  assertEquals(withGpu(verdicts(output), "FAILED"), everyCheck("FAILED"), output);
  assertStringIncludes(output, "  Error: Nobody looks at this\n");
  assertMatch(
    output,
    /^FAILED every value is unloaded exactly once\n {2}".*" was unloaded again$/m,
  );
  assert(output.endsWith("\nNot all of it holds\n"), output);
  assertEquals(code, 1);
});

Deno.test("soak.ts refuses arguments that are not numbers", async () => {
  const { code, output } = await runSoak("--seconds=long");
  assertEquals(code, 1);
  assertStringIncludes(output, 'Cannot soak: "--seconds=long" gives no positive number');
});

Deno.test("Random returns the same numbers for the same seed, and other numbers for another seed", () => {
  const numbers = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 100 }, () => random.below(1_000_000));
  };
  assertEquals(numbers(5), numbers(5));
  const [five, six] = [new Set(numbers(5)), new Set(numbers(6))];
  assert(five.difference(six).size > 90);
});
