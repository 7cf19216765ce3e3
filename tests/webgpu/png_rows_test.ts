import { assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { inflateRows } from "../../src/webgpu/png_rows.ts";
import { withAndWithoutZlib } from "../compression/_zlib.ts";

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => i * i >> 5);

Deno.test("inflateRows() inflates data of the expected size", () => {
  withAndWithoutZlib(() => assertEquals(inflateRows(deflateSync(BYTES), BYTES.length), BYTES));
});

Deno.test("inflateRows() refuses more or fewer bytes than expected", () => {
  withAndWithoutZlib(() => {
    const bytes = deflateSync(BYTES);
    assertThrows(() => inflateRows(bytes, BYTES.length - 1), SyntaxError, "more pixels");
    assertThrows(() => inflateRows(bytes, BYTES.length + 1), SyntaxError, "fewer pixels");
  });
});

Deno.test("inflateRows() refuses a size that the bytes can't become, and takes no memory for it", () => {
  const bytes = deflateSync(BYTES);
  withAndWithoutZlib(() => {
    for (const size of [bytes.length * 1032 + 1, 2 ** 40, 2 ** 64]) {
      assertThrows(() => inflateRows(bytes, size), SyntaxError, "fewer pixels");
    }
  });
  const zeros = deflateSync(new Uint8Array(10_000_000)); // compressed as much as zlib can
  assertEquals(inflateRows(zeros, 10_000_000).length, 10_000_000);
});

Deno.test("inflateRows() refuses bytes that are not zlib data, or are cut off", () => {
  withAndWithoutZlib(() => {
    const bytes = deflateSync(BYTES);
    for (const wrong of [new Uint8Array(), new Uint8Array(99), bytes.subarray(0, 60)]) {
      assertThrows(() => inflateRows(wrong, BYTES.length), SyntaxError);
    }
  });
});

Deno.test("inflateRows() refuses a bomb as a picture with too many pixels", () => {
  const bomb = deflateSync(new Uint8Array(40_000_000));
  withAndWithoutZlib(() => assertThrows(() => inflateRows(bomb, 1000), SyntaxError, "more pixels"));
});
