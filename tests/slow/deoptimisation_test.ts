/** V8 compiles the hot paths for good. Counts, and measures no time; takes some seconds. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { runDeno } from "../_run_deno.ts";

/** How often V8 takes back what it has compiled, in so many rounds and in what comes before. */
async function deoptimisations(workload: string, rounds: number): Promise<number> {
  const runner = new URL("../../bench/compare/runner.ts", import.meta.url).href;
  const flags = ["run", "-q", "-A", "--v8-flags=--trace-deopt", runner];
  const { code, output } = await runDeno(...flags, "work", workload, "Holdfast", `${rounds}`);
  assertEquals(code, 0, output);
  return output.match(/\[bailout \(kind: deopt/g)?.length ?? 0;
}

Deno.test("nothing that hits or misses run is compiled again and again", async () => {
  for (const workload of ["held", "idle", "frame", "churn"]) {
    const [few, many] = await Promise.all([
      deoptimisations(workload, 1),
      deoptimisations(workload, 21),
    ]) as [number, number];
    assert(few > 0, "V8 says what it takes back: much that it was too early for");
    // Some of it is chance. A loop would be one for each round, or many.
    assertLess(many - few, 20, `${workload}: ${few} in one round, ${many} in 21`);
  }
});
