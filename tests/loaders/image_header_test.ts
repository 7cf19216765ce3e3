import { assertEquals, assertThrows } from "@std/assert";
import { readHeader } from "../../src/loaders/image_header.ts";
import {
  ANIM,
  anmf,
  fileOf,
  type Frame,
  little,
  makeApng,
  makeBmp,
  makeGif,
  makeJpeg,
  makeWebP,
  riffChunk,
  sof,
  vp8,
  vp8l,
  vp8x,
} from "../_hostile_images.ts";
import { headerOf, joinPng, makeRgba } from "../webgpu/_png_files.ts";

const MAX = 65_535;

function assertRefused(bytes: Uint8Array, message: string): void {
  assertEquals((assertThrows(() => readHeader(bytes), SyntaxError) as Error).message, message);
}

Deno.test("readHeader() finds the size of a PNG", () => {
  assertEquals(readHeader(makeRgba(2, 1, Array(8).fill(0))), { kind: "PNG", width: 2, height: 1 });
});

Deno.test("readHeader() finds the size of a JPEG behind its other segments", () => {
  const size = { kind: "JPEG", width: 0x304, height: 0x102 };
  assertEquals(readHeader(makeJpeg(sof(0x304, 0x102))), size);
  const table = [0xff, 0xff, 0xff, 0xc4, 0, 3, 1]; // a table with a fill byte; its mark resembles that of a frame
  const comment = [0xff, 0xfe, 0, 6, 0xff, 0xc0, 0, 17];
  assertEquals(readHeader(makeJpeg(table, comment, sof(0x304, 0x102, 0xc2), table)), size);
});

Deno.test("readHeader() finds the size of a GIF, which is that of its screen", () => {
  for (const version of ["GIF87a", "GIF89a"]) {
    const gif = makeGif([0x103, 4], [0, 0, 0x103, 4]);
    gif.set(new TextEncoder().encode(version));
    assertEquals(readHeader(gif), { kind: "GIF", width: 0x103, height: 4 });
  }
  const comment = [0x21, 0xfe, 2, 0x2c, 0x2c, 0];
  const [head, rest] = [
    makeGif([2, 2]).subarray(0, 19),
    makeGif([2, 2], [0, 0, 2, 2]).subarray(19),
  ];
  assertEquals(readHeader(fileOf(0, head, comment, rest)), { kind: "GIF", width: 2, height: 2 });
  assertEquals(readHeader(makeGif([2, 2], [1, 1, 1, 1]).slice(0, -1)).width, 2); // without its end
});

Deno.test("readHeader() finds the size of a WebP: lossy, lossless, extended and animated", () => {
  const size = { kind: "WebP", width: 300, height: 9152 } as const;
  const { width, height } = size;
  assertEquals(readHeader(makeWebP(vp8(width, height))), size);
  assertEquals(readHeader(makeWebP(vp8l(width, height))), size);
  assertEquals(readHeader(makeWebP(vp8x(width, height))), size);
  assertEquals(readHeader(makeWebP(vp8x(width, height), vp8(width, height))), size);
  const frames = [anmf([0, 0, 300, 9152], vp8l(300, 9152)), anmf([298, 2, 2, 1], vp8(2, 1))];
  assertEquals(readHeader(makeWebP(vp8x(width, height, 2), ANIM, ...frames)), size);
  assertEquals(readHeader(makeWebP(vp8x(70_000, 2 ** 24))).height, 2 ** 24);
});

Deno.test("readHeader() finds the size of a BMP with either row order, and of an old one", () => {
  const size = { kind: "BMP", width: 0x102, height: 3 };
  assertEquals(readHeader(makeBmp(0x102, 3)), size);
  assertEquals(readHeader(makeBmp(0x102, -3)), size);
  const old = fileOf(26, "BM", Array(12).fill(0), [12, 0, 0, 0, 2, 1, 3, 0]);
  assertEquals(readHeader(old), size);
  assertEquals(readHeader(makeBmp(1, -(2 ** 31))).height, 2 ** 31);
});

Deno.test("readHeader() refuses files that are not images, and icons", () => {
  const unknown = "it is not a PNG, JPEG, GIF, WebP or BMP image";
  const icon = fileOf(99, [0, 0, 1, 0, 1, 0]); // its pictures may be larger than its directory says
  for (const bytes of ["<svg>", "RIFF....WAVE", "GIF88a"].map((text) => fileOf(9, text))) {
    assertThrows(() => readHeader(bytes), TypeError, unknown);
  }
  assertThrows(() => readHeader(icon), TypeError, unknown);
  assertThrows(() => readHeader(new Uint8Array()), TypeError, unknown);
});

Deno.test("readHeader() refuses images that are cut off in their header or damaged there", () => {
  const files = [
    ["PNG", makeRgba(1, 1, [0, 0, 0, 0]).subarray(0, 23)],
    ["PNG", joinPng([["tEXt", Array(13).fill(1)], ["IHDR", headerOf({ ...RGBA, width: 1 })]])],
    ["JPEG", makeJpeg(sof(1, 1)).slice(0, -4)],
    ["JPEG", makeJpeg()], // a scan, and no size
    ["JPEG", makeJpeg([1, 2, 3, 4, 5])],
    ["JPEG", makeJpeg([0xff, 0xe1, 0, 0], sof(1, 1))], // a segment that is shorter than its length
    ["GIF", fileOf(9, "GIF89a")],
    ["GIF", makeGif([1, 1])], // no picture
    ["GIF", makeGif([1, 1], [0, 0, 1, 1]).slice(0, -3)],
    ["WebP", fileOf(20, "RIFF....WEBPVP8X")],
    ["WebP", fileOf(40, "RIFF....WEBPVP8?")],
    ["BMP", fileOf(20, "BM")],
  ] as const;
  for (const [kind, bytes] of files) {
    assertRefused(bytes, `the ${kind} has a damaged header, or is cut off`);
  }
});

const RGBA = { width: 1, height: 1, colorType: 6, depth: 8 };

Deno.test("readHeader() refuses images without pixels", () => {
  assertRefused(makeGif([3, 0], [0, 0, 3, 0]), "the GIF has no pixels: it is 3 × 0");
  assertRefused(makeBmp(-1, 1), "the BMP has no pixels: it is -1 × 1");
  assertRefused(makeBmp(1, 0), "the BMP has no pixels: it is 1 × 0");
  assertRefused(makeJpeg(sof(5, 0)), "the JPEG has no pixels: it is 5 × 0");
});

Deno.test("readHeader() refuses a GIF if any of its pictures is larger than its screen", () => {
  const small: Frame = [0, 0, 1, 1];
  const huge: Frame = [0, 0, MAX, MAX];
  const message = "the GIF is 1 × 1, and has a picture of 65535 × 65535 at 0, 0";
  assertRefused(makeGif([1, 1], huge), message);
  assertRefused(makeGif([1, 1], small, small, huge), message);
  for (const frame of [[1, 0, 4, 3], [0, 1, 4, 3], [0, 0, 5, 1], [0, 0, 1, 4]] as const) {
    const [x, y, width, height] = frame;
    const text = `the GIF is 4 × 3, and has a picture of ${width} × ${height} at ${x}, ${y}`;
    assertRefused(makeGif([4, 3], frame), text);
  }
});

Deno.test("readHeader() refuses an animated PNG with a frame that is larger than the whole", () => {
  assertEquals(readHeader(makeApng([0, 0, 1, 1])).kind, "PNG");
  for (const frame of [[0, 0, MAX, MAX], [1, 0, 1, 1], [0, 2 ** 32 - 1, 1, 1]] as const) {
    const [x, y, width, height] = frame;
    const text = `the PNG is 1 × 1, and has a picture of ${width} × ${height} at ${x}, ${y}`;
    assertRefused(makeApng([0, 0, 1, 1], frame), text);
  }
});

Deno.test("readHeader() refuses a PNG with a larger second header, or a colour profile that may inflate to more than 256 MiB", () => {
  const [small, large] = [RGBA, { ...RGBA, width: MAX }].map((plan) =>
    ["IHDR", headerOf(plan)] as const
  );
  assertRefused(
    joinPng([small!, large!, ["IEND", []]]),
    "the PNG is 1 × 1, and has a picture of 65535 × 1 at 0, 0",
  );
  assertEquals(readHeader(joinPng([small!, ["IEND", []], large!])).width, 1); // behind its end
  const profile = (length: number) => joinPng([small!, ["iCCP", new Uint8Array(length)]]);
  assertEquals(readHeader(profile(262_144)).width, 1);
  assertRefused(profile(262_145), "the PNG has a colour profile of more than 262144 bytes");
});

Deno.test("readHeader() refuses a WebP with a picture that is larger than its canvas", () => {
  const message = (size: string, at = "0, 0") =>
    `the WebP is 1 × 1, and has a picture of ${size} at ${at}`;
  const [small, large] = [vp8l(1, 1), vp8l(16_384, 16_384)];
  const files = [
    makeWebP(vp8x(1, 1), large),
    makeWebP(vp8x(1, 1), riffChunk("EXIF", 1), large),
    makeWebP(small, large),
    makeWebP(vp8x(1, 1), vp8x(16_384, 16_384)),
    makeWebP(vp8x(1, 1), anmf([0, 0, 1, 1], large)),
    makeWebP(vp8x(1, 1), anmf([0, 0, 1, 1], small, riffChunk("EXIF"), large)),
  ];
  for (const file of files) assertRefused(file, message("16384 × 16384"));
  assertRefused(makeWebP(vp8x(1, 1), vp8(2, 1)), message("2 × 1"));
  assertRefused(makeWebP(vp8x(1, 1), anmf([0, 0, 9, 9], vp8l(9, 9))), message("9 × 9"));
  assertRefused(makeWebP(vp8x(1, 1), anmf([2, 4, 1, 1], small)), message("1 × 1", "2, 4"));
  // A chunk that says that it is longer than its frame does not hide the next frame.
  const long = fileOf(0, "EXIF", little(4, 10_000));
  const hidden = makeWebP(vp8x(1, 1), anmf([0, 0, 1, 1], long), anmf([0, 0, 9, 9], small));
  assertRefused(hidden, message("9 × 9"));
});

Deno.test("readHeader() refuses a JPEG with two sizes, or with marks that decoders read in different ways", () => {
  const message = "the JPEG has a damaged header, or is cut off";
  for (const mark of [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xcf]) {
    assertRefused(makeJpeg(sof(1, 1), sof(MAX, MAX, mark)), message);
    assertEquals(readHeader(makeJpeg(sof(2, 1, mark))).width, 2);
  }
  // A decoder that treats these marks as segments skips the true size, and finds another one.
  for (const mark of [0x00, 0x01, 0xbf, 0xc8, 0xd0, 0xd7, 0xd8, 0xd9, 0xf0, 0xfd]) {
    assertRefused(makeJpeg([0xff, mark, ...sof(MAX, MAX), ...sof(1, 1)]), message);
  }
});
