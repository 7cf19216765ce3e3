import { checkReentrancy } from "../_reentrancy.ts";

Deno.test("every callback can call the manager, over 10 000 random schedules", async () => {
  await checkReentrancy(10_000);
});
