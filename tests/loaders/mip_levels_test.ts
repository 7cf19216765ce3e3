import { assertEquals } from "@std/assert";
import { byteLengthOf, mipLevelsOf } from "../../src/loaders/mip_levels.ts";

Deno.test("mipLevelsOf() counts how often the longer side can be halved", () => {
  assertEquals([1, 2, 3, 4, 255, 256].map((size) => mipLevelsOf(size, 1)), [1, 2, 2, 3, 8, 9]);
  assertEquals(mipLevelsOf(1, 8192), 14);
});

Deno.test("byteLengthOf() adds up mip levels, of at least one pixel each", () => {
  assertEquals(byteLengthOf(4, 4, 1), 64);
  assertEquals(byteLengthOf(4, 4, 3), 64 + 16 + 4);
  assertEquals(byteLengthOf(8, 1, 4), 32 + 16 + 8 + 4);
  assertEquals(byteLengthOf(8192, 8192, 14), 357_913_940);
});
