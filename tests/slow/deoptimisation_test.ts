/** V8 does not compile the hot paths again and again. The tests count, and measure no time. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { runDeno } from "../_run_deno.ts";

/** How often V8 discards compiled code while the workload starts and runs `rounds` rounds. */
async function deoptimisations(workload: string, rounds: number): Promise<number> {
  const runner = new URL("../../bench/compare/runner.ts", import.meta.url).href;
  const flags = ["run", "-q", "-A", "--v8-flags=--trace-deopt", runner];
  const { code, output } = await runDeno(...flags, "work", workload, "Holdfast", `${rounds}`);
  assertEquals(code, 0, output);
  return output.match(/\[bailout \(kind: deopt/g)?.length ?? 0;
}

Deno.test("the code of hits and misses is not compiled again and again", async () => {
  for (const workload of ["held", "idle", "frame", "churn"]) {
    const [few, many] = await Promise.all([
      deoptimisations(workload, 1),
      deoptimisations(workload, 21),
    ]) as [number, number];
    assert(few > 0, "V8 reports the code that it discards, and always discards some at the start");
    // Some of it is chance. Repeated compilation would add at least one for each round.
    assertLess(many - few, 20, `${workload}: ${few} in one round, ${many} in 21`);
  }
});
