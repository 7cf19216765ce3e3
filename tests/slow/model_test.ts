import { checkManager } from "../_model.ts";

Deno.test("the manager does what the model does, over 200 000 random operations", () => {
  checkManager(200_000);
});
