import { checkReentrancy } from "../_reentrancy.ts";

Deno.test("the manager may be called from every callback, over 10 000 random schedules", async () => {
  await checkReentrancy(10_000);
});
