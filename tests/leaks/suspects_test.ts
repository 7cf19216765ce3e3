import { assertEquals } from "@std/assert";
import { Suspects } from "../../src/leaks/suspects.ts";

Deno.test("Suspects.take() is true for the next few handles of a key, and for those of no other", () => {
  const suspects = new Suspects();
  assertEquals([suspects.any, suspects.take("a")], [false, false]);
  suspects.add("a");
  const taken = Array.from({ length: 10 }, () => suspects.take("a"));
  assertEquals([taken.filter(Boolean).length, taken.indexOf(false)], [8, 8]);
  assertEquals([suspects.any, suspects.has("a"), suspects.take("b")], [false, false, false]);
});

Deno.test("Suspects has room for a few keys: the one that leaked longest ago makes room", () => {
  const suspects = new Suspects();
  for (let i = 0; i < 16; i++) suspects.add(`${i}`);
  suspects.add("0"); // again
  suspects.add("16");
  assertEquals(["0", "1", "2", "16"].map((key) => suspects.has(key)), [true, false, true, true]);
});
