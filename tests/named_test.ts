import { checkNamed } from "./_named.ts";

Deno.test("names, variants and parts lead where they should, and converge, over 50 random schedules", async () => {
  await checkNamed(50);
});
