import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  anmf,
  makeApng,
  makeBmp,
  makeGif,
  makeJpeg,
  makeWebP,
  sof,
  vp8l,
  vp8x,
} from "../_hostile_images.ts";
import {
  FileSource,
  imageLoader,
  LoaderNotFoundError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
} from "../../mod.ts";

const assets = new URL("../../examples/assets/", import.meta.url);

/** A GIF of one pixel and a BMP of two, made by hand: the assets of the examples are PNG. */
const GIF = Uint8Array.from(
  atob("R0lGODlhAQABAIAAAP8AAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="),
  (char) => char.charCodeAt(0),
);
const BMP = new Uint8Array([
  ...[0x42, 0x4d, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0],
  ...[40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0],
  ...new Uint8Array(24),
  ...[0, 0, 255, 0, 255, 0, 0, 0],
]);

Deno.test("a manager without a loader for a picture names imageLoader", () => {
  using mgr = new ResourceManager({ source: new MemorySource() });
  for (const extension of imageLoader.extensions) {
    const load = () => mgr.load(`hero${extension}`, ImageBitmap);
    assertThrows(
      load,
      LoaderNotFoundError,
      "register one such as imageLoader; there are loaders for .txt",
    );
  }
});

Deno.test("imageLoader decodes PNG files, counts 4 bytes a pixel, and closes bitmaps", async () => {
  const closed: string[] = [];
  const loader: typeof imageLoader = {
    ...imageLoader,
    unload(bitmap) {
      imageLoader.unload?.(bitmap);
      closed.push(`${bitmap.width}×${bitmap.height}`);
    },
  };
  using mgr = new ResourceManager({ source: new FileSource(assets), loaders: [loader] });
  {
    using coin = await mgr.loadAsync("common/coin.png", ImageBitmap);
    assertEquals([coin.value.width, coin.value.height, mgr.bytes], [32, 32, 32 * 32 * 4]);
  }
  assertEquals([closed, mgr.bytes], [["0×0"], 0]);
});

Deno.test("imageLoader decodes GIF and BMP", async () => {
  const source = new MemorySource({ "a.gif": GIF, "b.bmp": BMP });
  await using mgr = new ResourceManager({ source, loaders: [imageLoader] });
  using gif = await mgr.loadAsync("a.gif", ImageBitmap);
  using bmp = await mgr.loadAsync("b.bmp", ImageBitmap);
  assertEquals([gif.value.width, bmp.value.width, mgr.bytes], [1, 2, 12]);
});

Deno.test("imageLoader fails with a cause for bytes that are not an image, and is asynchronous only", async () => {
  const source = new MemorySource({ "a.png": "no image", "b.png": new Uint8Array() });
  using mgr = new ResourceManager({ source, loaders: [imageLoader] });
  for (const name of ["a.png", "b.png"]) {
    const error = await assertRejects(() => mgr.loadAsync(name, ImageBitmap), ResourceLoadError);
    assert(error.cause instanceof Error);
  }
  const error = assertThrows(() => mgr.load("a.png", ImageBitmap), LoaderNotFoundError);
  assertInstanceOf(error, TypeError);
  assertEquals(mgr.size, 0);
});

/** Runs `run`, and returns how many images the decoder has received meanwhile. */
async function countDecoded(run: () => Promise<void>): Promise<number> {
  const { createImageBitmap } = globalThis;
  let decoded = 0;
  globalThis.createImageBitmap = (...args: unknown[]) => {
    decoded++;
    return createImageBitmap(...args as [Blob]);
  };
  try {
    await run();
  } finally {
    globalThis.createImageBitmap = createImageBitmap;
  }
  return decoded;
}

Deno.test("imageLoader decodes nothing that would take more than 256 MiB", async () => {
  const source = new MemorySource({
    "most.bmp": makeBmp(8192, 8192),
    "more.bmp": makeBmp(8192, -8193),
  });
  using mgr = new ResourceManager({ source, loaders: [imageLoader] });
  const decoded = await countDecoded(async () => {
    const error = await assertRejects(
      () => mgr.loadAsync("more.bmp", ImageBitmap),
      ResourceLoadError,
    );
    assertEquals(
      error.message,
      'Cannot load "more.bmp": it is 8192 × 8193 pixels and takes 268468224 bytes, at most 268435456 are allowed',
    );
    assertInstanceOf(error.cause, RangeError);
    await assertRejects(() => mgr.loadAsync("most.bmp", ImageBitmap)); // it has a header and no pixels
  });
  assertEquals([decoded, mgr.size], [1, 0]);
});

Deno.test("imageLoader decodes no file that has a larger picture than it says, and no icon", async () => {
  const huge = [0, 0, 65_535, 65_535] as const;
  const large = vp8l(16_384, 16_384);
  const icon = new Uint8Array([0, 0, 1, 0, 1, 0, ...makeBmp(1, 1)]);
  const files = {
    "screen.gif": makeGif([1, 1], huge),
    "frame.png": makeApng([0, 0, 1, 1], huge),
    "canvas.webp": makeWebP(vp8x(1, 1), large),
    "animated.webp": makeWebP(vp8x(1, 1, 2), anmf([0, 0, 1, 1], large)),
    "two.jpg": makeJpeg(sof(1, 1), sof(65_535, 65_535)),
    "icon.png": icon,
  };
  using mgr = new ResourceManager({ source: new MemorySource(files), loaders: [imageLoader] });
  const decoded = await countDecoded(async () => {
    for (const name of Object.keys(files)) {
      await assertRejects(() => mgr.loadAsync(name, ImageBitmap), ResourceLoadError);
    }
  });
  assertEquals([decoded, mgr.size, mgr.bytes], [0, 0, 0]);
});
