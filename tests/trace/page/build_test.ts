import { assertEquals } from "@std/assert";
import { buildPage, MODULE } from "../../../src/trace/page/build.ts";

Deno.test("the bundled page matches its sources: if not, run deno task page", async () => {
  assertEquals(Deno.readTextFileSync(MODULE) === await buildPage(), true);
});
