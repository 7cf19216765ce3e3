import { assertEquals } from "@std/assert";
import { countUpTo, itself } from "../../../src/trace/page/search.ts";

Deno.test("countUpTo() counts the items at or before a time, also equal ones", () => {
  const list = [1, 3, 3, 3, 8];
  const counts = [0, 1, 2, 3, 7, 8, 9].map((time) => countUpTo(list, time, itself));
  assertEquals(counts, [0, 1, 1, 4, 4, 5, 5]);
  assertEquals(countUpTo([], 5, itself), 0);
});
