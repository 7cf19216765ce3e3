import { checkNamed } from "../_named.ts";

Deno.test("names, variants and parts lead where they should, and converge, over 2 000 random schedules", async () => {
  await checkNamed(2_000);
});
