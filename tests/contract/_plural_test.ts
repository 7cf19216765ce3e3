import { assertEquals } from "@std/assert";
import { plural } from "../../src/contract/_plural.ts";

Deno.test("plural() counts in the right number", () => {
  assertEquals([0, 1, 2].map((count) => plural(count, "handle")), [
    "0 handles",
    "1 handle",
    "2 handles",
  ]);
});
