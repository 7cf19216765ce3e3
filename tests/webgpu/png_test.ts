import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { deflateSync } from "node:zlib";
import { decodePng } from "../../src/webgpu/png.ts";
import { CHANNELS, headerOf, joinPng, makePng, makeRgba, type PngPlan } from "./_png_files.ts";

/** Every colour type at every depth that it may have. */
const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ colorType: 0, depth })),
  ...[8, 16].map((depth) => ({ colorType: 2, depth })),
  ...[1, 2, 4, 8].map((depth) => ({ colorType: 3, depth })),
  ...[8, 16].map((depth) => ({ colorType: 4, depth })),
  ...[8, 16].map((depth) => ({ colorType: 6, depth })),
];
const SIZES = [[1, 1], [2, 3], [5, 5], [8, 8], [13, 9]] as const;

/** Samples that look random, but are the same for the same place. */
function noise(depth: number): PngPlan["sample"] {
  return (x, y, c) => (Math.imul(x * 31 + y * 17 + c * 7 + 1, 0x9e3779b1) >>> 8) % 2 ** depth;
}

function plansOf(colorType: number, depth: number): PngPlan[] {
  return SIZES.flatMap(([width, height]) =>
    [false, true].map((interlaced) => ({
      ...{ width, height, colorType, depth, interlaced, sample: noise(depth) },
      ...(colorType === 3 && { palette: palette(depth) }),
    }))
  );
}

function palette(depth: number): number[] {
  return Array.from({ length: 3 * 2 ** depth }, (_, i) => (i * 37 + 11) % 256);
}

/** The expected pixels of a file, from the samples that it was made of. */
function pixelsOf(plan: PngPlan, opacityOf: (samples: number[]) => number = () => 255): number[] {
  const { width, height, colorType, depth } = plan;
  const byte = (sample: number) => Math.round(sample / (2 ** depth - 1) * 255);
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const s = Array.from({ length: CHANNELS[colorType]! }, (_, c) => plan.sample(x, y, c));
    const [one = 0, two = 0, three = 0, four = 0] = s.map(byte);
    switch (colorType) {
      case 0:
        return [one, one, one, opacityOf(s)];
      case 2:
        return [one, two, three, opacityOf(s)];
      case 3:
        return [...plan.palette!.slice(s[0]! * 3, s[0]! * 3 + 3), opacityOf(s)];
      case 4:
        return [one, one, one, two];
      default:
        return [one, two, three, four];
    }
  }).flat();
}

for (const { colorType, depth } of KINDS) {
  Deno.test(`decodePng() decodes colour type ${colorType} at ${depth} bits, interlaced too, by every filter`, () => {
    for (const plan of plansOf(colorType, depth)) {
      const { width, height, data } = decodePng(makePng(plan));
      assertEquals([width, height], [plan.width, plan.height]);
      assertEquals([...data], pixelsOf(plan));
    }
  });
}

Deno.test("decodePng() undoes a filter that all rows have, the first one too", () => {
  for (let filter = 0; filter < 5; filter++) {
    for (const { colorType, depth } of KINDS.filter(({ colorType }) => colorType !== 3)) {
      const size = { width: 7, height: 4 };
      const plan = { ...size, colorType, depth, filters: [filter], sample: noise(depth) };
      assertEquals([...decodePng(makePng(plan)).data], pixelsOf(plan));
    }
  }
});

Deno.test("decodePng() makes one grey or one colour transparent, compared at full depth", () => {
  for (const { colorType, depth } of KINDS.filter(({ colorType }) => [0, 2].includes(colorType))) {
    for (const interlaced of [false, true]) {
      const sample = noise(depth);
      const clear = [0, 1, 2].map((c) => sample(4, 2, c)).slice(0, CHANNELS[colorType]);
      const transparency = clear.flatMap((value) => [value >> 8, value & 255]);
      const plan = { width: 6, height: 5, colorType, depth, interlaced, transparency, sample };
      const opacityOf = (s: number[]) => s.every((value, c) => value === clear[c]) ? 0 : 255;
      assertEquals([...decodePng(makePng(plan)).data], pixelsOf(plan, opacityOf));
    }
  }
});

Deno.test("decodePng() makes only the very colour of 16 bits transparent, not others that round to the same byte", () => {
  const plan = {
    ...{ width: 2, height: 1, colorType: 0, depth: 16 },
    transparency: [0x12, 0x34],
    sample: (x: number) => 0x1234 + x,
  };
  assertEquals([...decodePng(makePng(plan)).data], [18, 18, 18, 0, 18, 18, 18, 255]);
});

Deno.test("decodePng() gives each colour of a palette its opacity, or 255 if it has none", () => {
  const plan = {
    ...{ width: 4, height: 1, colorType: 3, depth: 2 },
    palette: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    transparency: [0, 128],
    sample: (x: number) => x,
  };
  assertEquals([...decodePng(makePng(plan)).data], [
    ...[1, 2, 3, 0],
    ...[4, 5, 6, 128],
    ...[7, 8, 9, 255],
    ...[0, 0, 0, 255], // which is not in the palette
  ]);
});

Deno.test("decodePng() rounds 16 bits to 8", () => {
  const samples = [0, 128, 129, 257, 32_767, 32_768, 65_406, 65_535];
  const sample = (x: number) => samples[x]!;
  const png = makePng({ width: 8, height: 1, colorType: 0, depth: 16, sample });
  const reds = decodePng(png).data.filter((_, i) => i % 4 === 0);
  assertEquals([...reds], [0, 0, 1, 1, 127, 128, 254, 255]);
});

Deno.test("decodePng() refuses more pixels than the header says, and fewer", () => {
  const rows = (count: number) => deflateSync(new Uint8Array(count));
  const header = headerOf({ width: 3, height: 2, colorType: 0, depth: 8 });
  const png = (data: Uint8Array) => joinPng([["IHDR", header], ["IDAT", data], ["IEND", []]]);
  assertEquals(decodePng(png(rows(8))).data.length, 24);
  assertThrows(() => decodePng(png(rows(9))), SyntaxError, "more pixels than its header says");
  assertThrows(() => decodePng(png(rows(7))), SyntaxError, "fewer pixels than its header says");
});

Deno.test("decodePng() refuses a filter that does not exist", () => {
  const header = headerOf({ width: 1, height: 1, colorType: 0, depth: 8 });
  const png = joinPng([["IHDR", header], ["IDAT", deflateSync(new Uint8Array([5, 0]))], [
    "IEND",
    [],
  ]]);
  assertThrows(
    () => decodePng(png),
    SyntaxError,
    "the PNG has a row with filter 5, which PNG does not have",
  );
});

Deno.test("decodePng() reads bytes that begin inside their buffer", () => {
  const png = makeRgba(1, 1, [1, 2, 3, 4]);
  const moved = new Uint8Array(png.length + 3);
  moved.set(png, 3);
  assertEquals([...decodePng(moved.subarray(3)).data], [1, 2, 3, 4]);
});

Deno.test("decodePng() decodes or throws a SyntaxError, for any contents of the chunks", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const bytes = fc.array(byte, { maxLength: 40 });
  const size = fc.integer({ min: 1, max: 20 });
  const header = fc.record({
    width: size,
    height: size,
    colorType: fc.constantFrom(0, 2, 3, 4, 6, 7),
    depth: fc.constantFrom(1, 2, 4, 8, 16, 32),
    interlaced: fc.boolean(),
  });
  const rows = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 255), { maxLength: 4000 });
  let decoded = 0;
  fc.assert(
    fc.property(header, rows, bytes, bytes, (plan, filtered, palette, transparency) => {
      const png = joinPng([
        ["IHDR", headerOf(plan)],
        ["PLTE", palette],
        ...(transparency.length > 20 ? [["tRNS", transparency] as const] : []),
        ["IDAT", deflateSync(new Uint8Array(filtered))],
        ["IEND", []],
      ]);
      try {
        assertEquals(decodePng(png).data.length, plan.width * plan.height * 4);
        decoded++;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }),
    {
      numRuns: 3000,
      examples: [[
        { width: 1, height: 1, colorType: 0, depth: 8, interlaced: true },
        [0, 0],
        [],
        [],
      ]],
    },
  );
  assertGreater(decoded, 0);
});
