import { checkConvergence } from "../_convergence.ts";

Deno.test("a watching manager ends with current values, and uses none after its unload, over 20 000 random schedules", async () => {
  await checkConvergence(20_000);
});
