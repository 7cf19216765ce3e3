import { assert, assertEquals } from "@std/assert";
import { readBitmap } from "../../src/webgpu/bitmap.ts";
import { decodePng } from "../../src/webgpu/png.ts";
import { BMP, GIF, makeGreyJpeg, WEBP } from "./_images.ts";
import { makeRgba } from "./_png_files.ts";

const ASSETS = new URL("../../examples/assets/", import.meta.url);

async function read(bytes: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const { data } = await readBitmap(await createImageBitmap(new Blob([bytes])));
  return [...data];
}

Deno.test("readBitmap() reads opacity too, and multiplies no colour by it", async () => {
  const pixels = [
    200,
    100,
    50,
    0,
    200,
    100,
    50,
    128,
    1,
    2,
    3,
    255,
    255,
    254,
    253,
    7,
    0,
    9,
    0,
    9,
    8,
    8,
    8,
    8,
  ];
  assertEquals(await read(makeRgba(3, 2, pixels)), pixels);
});

Deno.test("readBitmap() reads rows of any width, and bitmaps without opacity", async () => {
  assertEquals(await read(BMP.bytes), BMP.pixels);
  assertEquals(await read(GIF.bytes), GIF.pixels);
  assertEquals(await read(WEBP.bytes), WEBP.pixels);
});

Deno.test("readBitmap() reads a JPEG that has only greys", async () => {
  const grey = await read(await makeGreyJpeg(5, 3, 120));
  assertEquals(grey, Array.from({ length: 15 }, () => [120, 120, 120, 255]).flat());
});

Deno.test("readBitmap() reads the same pixels as decodePng() from the sprites of the demo", async () => {
  for (const name of ["common/coin.png", "forest/tree.png", "lair/wings.png", "title/logo.png"]) {
    const bytes = Deno.readFileSync(new URL(name, ASSETS));
    const [own, other] = [decodePng(bytes).data, await read(bytes)];
    assert(own.length === other.length && own.every((byte, i) => byte === other[i]), name);
  }
});

Deno.test("readBitmap() reads a PNG where a canvas cannot write BMP", async () => {
  const { convertToBlob } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.convertToBlob = function () {
    return convertToBlob.call(this);
  };
  try {
    assertEquals(await read(BMP.bytes), BMP.pixels);
  } finally {
    OffscreenCanvas.prototype.convertToBlob = convertToBlob;
  }
});
