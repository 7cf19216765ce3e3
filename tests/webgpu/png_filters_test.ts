import { assertEquals, assertThrows } from "@std/assert";
import { unfilter } from "../../src/webgpu/png_filters.ts";

/** The rows of `raw` without their filters: each has four bytes after its filter byte. */
function unfiltered(raw: number[], pixelBytes: number): number[] {
  const bytes = Uint8Array.from(raw);
  unfilter(bytes, 4, pixelBytes);
  return [...bytes.filter((_, i) => i % 5 !== 0)];
}

Deno.test("unfilter() adds the byte to the left, the byte above, or the mean of both, modulo 256", () => {
  assertEquals(unfiltered([0, 1, 2, 3, 4], 1), [1, 2, 3, 4]);
  assertEquals(unfiltered([1, 1, 2, 3, 255], 1), [1, 3, 6, 5]);
  assertEquals(unfiltered([1, 1, 2, 3, 255], 2), [1, 2, 4, 1]);
  assertEquals(unfiltered([0, 9, 8, 7, 6, 2, 1, 1, 255, 1], 1), [9, 8, 7, 6, 10, 9, 6, 7]);
  assertEquals(unfiltered([0, 9, 8, 7, 6, 3, 1, 1, 1, 1], 1), [9, 8, 7, 6, 5, 7, 8, 8]);
});

Deno.test("unfilter() adds the one of left, above and above left that is closest to left + above - above left", () => {
  // Left 10, above 20, corner 20: 10 comes closest to 10. Then 10, 40, 20: 40 to 30, at a tie.
  assertEquals(unfiltered([0, 20, 20, 40, 0, 4, 246, 0, 0, 0], 1), [20, 20, 40, 0, 10, 10, 40, 0]);
});

Deno.test("unfilter() treats the row above the first one as zeros", () => {
  for (const filter of [2, 3, 4]) assertEquals(unfiltered([filter, 8, 0, 0, 0], 4), [8, 0, 0, 0]);
});

Deno.test("unfilter() throws for a filter that does not exist", () => {
  assertThrows(
    () => unfilter(Uint8Array.of(9, 0), 1, 1),
    SyntaxError,
    "filter 9, which PNG does not have",
  );
});
