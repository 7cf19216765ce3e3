import { checkManager } from "./_model.ts";

Deno.test("the manager does what the model does, over 10 000 random operations", () => {
  checkManager(10_000);
});
