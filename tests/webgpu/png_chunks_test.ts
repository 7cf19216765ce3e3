import { assertEquals, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { readPng } from "../../src/webgpu/png_chunks.ts";
import { headerOf, joinPng } from "./_png_files.ts";

const HEADER = headerOf({ width: 3, height: 2, colorType: 2, depth: 8, interlaced: true });

function problemOf(bytes: Uint8Array): string {
  return (assertThrows(() => readPng(bytes), SyntaxError) as Error).message;
}

function problemOfHeader(header: readonly number[]): string {
  return problemOf(joinPng([["IHDR", header], ["IDAT", []], ["IEND", []]]));
}

/** The header with one byte changed. */
function changed(at: number, byte: number): number[] {
  return HEADER.with(at, byte);
}

Deno.test("readPng() joins the data, and skips chunks that it does not need", () => {
  const png = joinPng([
    ["IHDR", HEADER],
    ["gAMA", [0, 0, 177, 143]],
    ["iCCP", [...new TextEncoder().encode("bomb\0\0"), ...deflateSync(new Uint8Array(1e7))]],
    ["IDAT", [1, 2]],
    ["IDAT", []],
    ["IDAT", [3]],
    ["fdAT", [9, 9, 9, 9, 9]],
    ["IEND", []],
  ]);
  const { header, data, palette, transparency } = readPng(new Uint8Array([...png, 1, 2, 3]));
  assertEquals(header, { width: 3, height: 2, depth: 8, colorType: 2, interlaced: true });
  assertEquals([[...data], [...palette], transparency], [[1, 2, 3], [], undefined]);
});

Deno.test("readPng() refuses a file that is cut off at any byte", () => {
  const png = joinPng([["IHDR", HEADER], ["IDAT", [1, 2, 3]], ["IEND", []]]);
  for (let length = 8; length < png.length; length++) {
    assertEquals(problemOf(png.subarray(0, length)), "the PNG is cut off");
  }
});

Deno.test("readPng() refuses a chunk whose length exceeds the file", () => {
  const png = joinPng([["IHDR", HEADER], ["IDAT", [1, 2, 3]], ["IEND", []]]);
  png.fill(255, 8 + 25, 8 + 25 + 4);
  assertEquals(problemOf(png), "the PNG is cut off");
});

Deno.test("readPng() refuses a file in which a byte has changed", () => {
  const png = joinPng([["IHDR", HEADER], ["IDAT", [1, 2, 3]], ["IEND", []]]);
  png[8 + 25 + 8]! ^= 1;
  assertEquals(problemOf(png), `the PNG's "IDAT" chunk is damaged`);
});

Deno.test("readPng() refuses headers that the standard does not allow", () => {
  assertEquals(problemOf(joinPng([["IEND", []]])), "the PNG does not begin with its header");
  assertEquals(problemOfHeader(HEADER.slice(1)), "the PNG has a header of 12 bytes");
  assertEquals(
    problemOfHeader(changed(8, 3)),
    "the PNG has colour type 2 at 3 bits, which PNG does not have",
  );
  assertEquals(
    problemOfHeader(changed(9, 1)),
    "the PNG has colour type 1 at 8 bits, which PNG does not have",
  );
  assertEquals(
    problemOfHeader(changed(9, 99)),
    "the PNG has colour type 99 at 8 bits, which PNG does not have",
  );
  for (const at of [10, 11, 12]) {
    assertEquals(
      problemOfHeader(changed(at, 2)),
      "the PNG is compressed, filtered or interlaced in an unknown way",
    );
  }
});

Deno.test("readPng() refuses a missing palette, a wrong transparent colour, and unknown chunks that are necessary", () => {
  assertEquals(problemOfHeader(changed(9, 3)), "the PNG has no palette");
  const end = [["IDAT", []], ["IEND", []]] as const;
  assertEquals(
    problemOf(joinPng([["IHDR", HEADER], ["tRNS", [0, 1]], ...end])),
    "the PNG has a transparent colour of 2 bytes",
  );
  assertEquals(
    problemOf(joinPng([["IHDR", HEADER], ["JUNK", []], ...end])),
    `the PNG needs a "JUNK" chunk, which no standard has`,
  );
});
