import { checkSchedules } from "./_schedules.ts";

Deno.test("500 random schedules lose no reference, leave no load waiting and unload all values once", async () => {
  await checkSchedules(500);
});
