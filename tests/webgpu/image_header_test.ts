import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readHeader } from "../../src/webgpu/image_header.ts";
import { makeRgba } from "./_png_files.ts";

/** Letters and bytes as one file, filled up to `length`. */
function file(length: number, ...parts: (string | number[])[]): Uint8Array {
  const bytes = parts.flatMap((part) =>
    typeof part === "string" ? [...new TextEncoder().encode(part)] : part
  );
  return Uint8Array.from({ length: Math.max(length, bytes.length) }, (_, i) => bytes[i] ?? 0);
}

const JPEG = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9];
const FRAME = [0xff, 0xc2, 0, 17, 8, 0x01, 0x02, 0x03, 0x04];
const BMP = [0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0];

Deno.test("readHeader() finds the size of a PNG", () => {
  assertEquals(readHeader(makeRgba(2, 1, Array(8).fill(0))), { kind: "PNG", width: 2, height: 1 });
});

Deno.test("readHeader() finds the size of a JPEG behind its other segments", () => {
  const size = { kind: "JPEG", width: 0x304, height: 0x102 };
  assertEquals(readHeader(file(40, JPEG, FRAME)), size);
  const table = [0xff, 0xff, 0xff, 0xc4, 0, 3, 1]; // a table, filled up; its mark is like a frame's
  assertEquals(readHeader(file(40, JPEG, table, FRAME)), size);
});

Deno.test("readHeader() finds the size of a GIF", () => {
  for (const version of ["GIF87a", "GIF89a"]) {
    const gif = file(13, version, [3, 1, 4, 0]);
    assertEquals(readHeader(gif), { kind: "GIF", width: 0x103, height: 4 });
  }
});

Deno.test("readHeader() finds the size of a WebP: lossy, lossless and extended", () => {
  const size = { kind: "WebP", width: 300, height: 70_000 % 16_384 };
  const { width, height } = size;
  const webp = (kind: string, ...parts: number[][]) =>
    readHeader(file(40, "RIFF", [0, 0, 0, 0], "WEBP", kind, [0, 0, 0, 0], ...parts));
  const lossy = [width & 255, width >> 8, height & 255, height >> 8];
  assertEquals(webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a], lossy), size);
  const bits = (height - 1) << 14 | (width - 1);
  assertEquals(webp("VP8L", [0x2f, ...[0, 8, 16, 24].map((by) => bits >>> by & 255)]), size);
  const extended = [width - 1, height - 1].flatMap((n) => [n & 255, n >> 8 & 255, n >> 16]);
  assertEquals(webp("VP8X", [0, 0, 0, 0], extended), size);
});

Deno.test("readHeader() finds the size of a BMP, from the top or the bottom, and of an old one", () => {
  const upright = file(54, "BM", BMP, [40, 0, 0, 0, 2, 1, 0, 0, 3, 0, 0, 0]);
  assertEquals(readHeader(upright), { kind: "BMP", width: 0x102, height: 3 });
  const reversed = file(54, "BM", BMP, [40, 0, 0, 0, 2, 1, 0, 0, 253, 255, 255, 255]);
  assertEquals(readHeader(reversed), { kind: "BMP", width: 0x102, height: 3 });
  const old = file(26, "BM", BMP, [12, 0, 0, 0, 2, 1, 3, 0]);
  assertEquals(readHeader(old), { kind: "BMP", width: 0x102, height: 3 });
});

Deno.test("readHeader() refuses what is no image", () => {
  const unknown = "it is no PNG, JPEG, GIF, WebP or BMP image";
  for (const bytes of [file(0), file(9, "<svg>"), file(99, "RIFF....WAVE"), file(9, "GIF88a")]) {
    assertThrows(() => readHeader(bytes), TypeError, unknown);
  }
});

Deno.test("readHeader() refuses images that are cut off in their header, and JPEGs that are none", () => {
  const files = [
    ["PNG", makeRgba(1, 1, [0, 0, 0, 0]).subarray(0, 23)],
    ["JPEG", file(0, JPEG, FRAME.slice(0, -1))],
    ["JPEG", file(0, JPEG, [1, 2, 3, 4, 5])],
    ["JPEG", file(0, JPEG, [0xff, 0xe1, 0, 0, 0xff])],
    ["GIF", file(9, "GIF89a")],
    ["WebP", file(20, "RIFF....WEBPVP8X")],
    ["BMP", file(20, "BM")],
  ] as const;
  for (const [kind, bytes] of files) {
    const message = `the ${kind} has a damaged header, or is cut off`;
    assertThrows(() => readHeader(bytes), SyntaxError, message);
  }
});

Deno.test("readHeader() refuses images without pixels", () => {
  const gif = file(13, "GIF89a", [3, 0, 0, 0]);
  assertThrows(() => readHeader(gif), SyntaxError, "the GIF has no pixels: it is 3 × 0");
  const bmp = file(54, "BM", BMP, [40, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0]);
  assertThrows(() => readHeader(bmp), SyntaxError, "the BMP has no pixels: it is -1 × 1");
});

Deno.test("readHeader() finds a size or says what is wrong, whatever the bytes are", () => {
  const magic = fc.constantFrom(
    ...["\x89PNG\r\n\x1a\n", "GIF89a", "RIFF....WEBPVP8X", "RIFF....WEBPVP8L", "BM"],
    ...["\xff\xd8\xff\xe0\0\x02", "\xff\xd8\xff", ""],
  );
  const marks = fc.array(fc.constantFrom(0, 1, 2, 8, 0xc0, 0xc4, 0xd8, 0xff), { maxLength: 60 });
  fc.assert(
    fc.property(magic, fc.oneof(marks, fc.array(fc.nat(255))), (start, rest) => {
      const bytes = Uint8Array.from([...Array.from(start, (char) => char.charCodeAt(0)), ...rest]);
      try {
        const { width, height } = readHeader(bytes);
        assertEquals([width > 0, height > 0], [true, true]);
      } catch (error) {
        if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
