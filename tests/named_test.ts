import { checkNamed } from "./_named.ts";

Deno.test("names with variants and parts lead to the right, current values over 50 random schedules", async () => {
  await checkNamed(50);
});
