/** Images that were made to exhaust memory, and damaged images. */
import { assert, assertEquals } from "@std/assert";
import { readHeader } from "../src/loaders/image_header.ts";
import {
  ANIM,
  anmf,
  damage,
  type Frame,
  goodImages,
  hexOf,
  makeApng,
  makeGif,
  makeJpeg,
  makeWebP,
  sof,
  vp8,
  vp8x,
} from "./_hostile_images.ts";
import { randomNumbers, RUNS } from "./_hostile_names.ts";

type Size = readonly [width: number, height: number];

/** Sizes about which decoders and checks may disagree. */
const SIZES = [1, 2, 3, 255, 256, 257, 16_383, 16_384, 32_767, 32_768, 65_535];
/** How many images are made or decoded, which takes longer than reading a header. */
const FEW = Math.ceil(RUNS / 20);
/** In pixels. Larger images are not decoded here. */
const MAX_DECODED = 2 ** 20;

/** The size of an image, or `undefined` if it is refused with a documented error. */
function sizeOf(bytes: Uint8Array): Size | undefined {
  try {
    const { width, height } = readHeader(bytes);
    assert([width, height].every((side) => Number.isSafeInteger(side) && side > 0));
    return [width, height];
  } catch (error) {
    const known = error instanceof SyntaxError ||
      (error instanceof TypeError && error.message.startsWith("it is not a PNG"));
    if (!known) throw error;
    return undefined;
  }
}

Deno.test("readHeader() finds the size or refuses, wherever a good image is cut off", async () => {
  for (const [name, bytes] of Object.entries(await goodImages())) {
    const whole = sizeOf(bytes);
    assert(whole !== undefined, name);
    for (let length = 0; length < bytes.length; length++) {
      const size = sizeOf(bytes.subarray(0, length));
      assertEquals(size ?? whole, whole, `${name}, ${length} bytes`);
    }
  }
});

Deno.test("readHeader() finds a size or refuses, for any bytes", () => {
  const random = randomNumbers();
  const starts = ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "\xff\xd8\xff", "GIF89a", "BM", ""]
    .concat(["X", "L", " ", "?"].map((kind) => `RIFF....WEBPVP8${kind}`))
    .map((start) => Array.from(start, (char) => char.charCodeAt(0)));
  const marks = [0, 1, 2, 8, 0x2c, 0x21, 0x80, 0xc0, 0xc4, 0xd8, 0xda, 0xff];
  for (let run = 0; run < RUNS; run++) {
    const start = starts[random(starts.length)]!;
    const few = random(2) === 0;
    const rest = Array.from({ length: random(80) }, () => few ? marks[random(12)]! : random(256));
    sizeOf(Uint8Array.from([...start, ...rest]));
  }
});

Deno.test("readHeader() finds a size or refuses, however a good image was damaged", async () => {
  const random = randomNumbers();
  const good = Object.values(await goodImages());
  let refused = 0;
  for (let run = 0; run < RUNS; run++) {
    if (sizeOf(damage(good[random(good.length)]!, random)) === undefined) refused++;
  }
  assert(refused > RUNS / 4 && refused < RUNS * 3 / 4, `${refused} of ${RUNS}`);
});

Deno.test("a damaged image that is decoded has the size that readHeader() finds", async () => {
  const random = randomNumbers();
  const good = Object.values(await goodImages());
  let decoded = 0;
  for (let run = 0; run < FEW; run++) {
    const bytes = damage(good[random(good.length)]!, random);
    const size = sizeOf(bytes);
    if (size === undefined || size[0] * size[1] > MAX_DECODED) continue;
    const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => undefined);
    if (bitmap === undefined) continue; // damaged after its header
    assertEquals([bitmap.width, bitmap.height], size, hexOf(bytes));
    bitmap.close();
    decoded++;
  }
  assert(decoded > FEW / 20, `${decoded} of ${FEW}`);
});

/** Whether a picture is within an image. */
function isInside([x, y, width, height]: Frame, [w, h]: Size): boolean {
  return x + width <= w && y + height <= h;
}

Deno.test("readHeader() accepts an image exactly if its sizes agree with each other", () => {
  const random = randomNumbers();
  const any = () => SIZES[random(SIZES.length)]!;
  const frame = (): Frame => [any() - 1, any() - 1, any(), any()];
  let taken = 0;
  for (let run = 0; run < FEW; run++) {
    const whole = [any(), any()] as const;
    const frames: Frame[] = Array.from({ length: 1 + random(3) }, frame);
    if (random(3) > 0) frames.splice(0, 3, [0, 0, ...whole]);
    const even = frames.map(([x, y, ...size]): Frame => [x - x % 2, y - y % 2, ...size]);
    const lossy = even.filter((each) => Math.max(...each.slice(2)) < 16_384);
    const inner = lossy.map((each) => anmf(each, vp8(each[2], each[3])));
    const cases: [bytes: Uint8Array, isTrue: boolean][] = [
      [makeGif(whole, ...frames), frames.every((each) => isInside(each, whole))],
      [makeApng(...frames), frames.every((each) => isInside(each, [1, 1]))],
      [makeWebP(vp8x(...whole), ANIM, ...inner), lossy.every((each) => isInside(each, whole))],
      [makeJpeg(...frames.map(([, , ...size]) => sof(...size))), frames.length === 1],
    ];
    for (const [bytes, isTrue] of cases) {
      assertEquals(sizeOf(bytes) !== undefined, isTrue, hexOf(bytes));
      if (isTrue) taken++;
    }
  }
  assert(taken > FEW / 2 && taken < FEW * 3, `${taken} of ${4 * FEW}`);
});
