import { checkWithdrawals } from "./_withdrawal.ts";

Deno.test("loads can be withdrawn in every way, at one in nine of all moments, and nothing is left", async () => {
  await checkWithdrawals(9);
});
