import { checkWithdrawals } from "../_withdrawal.ts";

Deno.test("loads can be withdrawn in every way, at every moment, and nothing is left", async () => {
  await checkWithdrawals(1);
});
