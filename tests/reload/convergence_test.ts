import { checkConvergence } from "../_convergence.ts";

Deno.test("watch() converges in 1 000 random schedules, and no value is used after it was unloaded", async () => {
  await checkConvergence(1_000);
});
