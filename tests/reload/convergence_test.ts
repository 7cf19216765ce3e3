import { checkConvergence } from "../_convergence.ts";

Deno.test("watch() converges, and no value is used after it was unloaded, over 1 000 random schedules", async () => {
  await checkConvergence(1_000);
});
