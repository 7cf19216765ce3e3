import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { imageWorkers } from "../../../src/webgpu/image_workers.ts";
import { type TextureContext, TextureMaker } from "../../../src/webgpu/texture_maker.ts";
import type { Pixels } from "../../../src/webgpu/png.ts";
import type { Texture } from "../../../src/webgpu/texture.ts";
import type { TextureLoaderOptions } from "../../../src/webgpu/texture_options.ts";
import { assertNear, gpuTest, noteDestroyed, readPixels } from "./_gpu.ts";
import { BMP, GIF, makeGreyJpeg, WEBP } from "../../webgpu/_images.ts";
import { headerOf, joinPng, makeRgba } from "../../webgpu/_png_files.ts";
import { makeApng, makeGif, makeJpeg, makeWebP, sof, vp8l, vp8x } from "../../_hostile_images.ts";

const PIXELS = [200, 100, 50, 255, 9, 8, 7, 0, 1, 2, 3, 255, 255, 254, 253, 128];
const PNG = makeRgba(2, 2, PIXELS);
const request = (key: string, signal = new AbortController().signal): TextureContext => ({
  key,
  signal,
  turn(run) {
    signal.throwIfAborted();
    return Promise.resolve(run());
  },
});
const HUGE = joinPng([["IHDR", headerOf({ width: 2 ** 31, height: 1, colorType: 6, depth: 8 })]]);

function makerOf(device: GPUDevice, options: TextureLoaderOptions = {}): TextureMaker {
  return new TextureMaker(device, { usage: GPUTextureUsage.COPY_SRC, ...options });
}

/** Counts the textures that are created from now on. */
function countCreated(device: GPUDevice): { count: number } {
  const created = { count: 0 };
  const { createTexture } = device;
  device.createTexture = (descriptor) => {
    created.count++;
    return createTexture.call(device, descriptor);
  };
  return created;
}

/** Runs `run`, and calls `first` before each bitmap is decoded. */
async function decodingAfter(first: () => unknown, run: () => Promise<void>): Promise<void> {
  const { createImageBitmap } = globalThis;
  globalThis.createImageBitmap = async (...args: unknown[]) => {
    await first();
    return await createImageBitmap(...args as [Blob]);
  };
  try {
    await run();
  } finally {
    globalThis.createImageBitmap = createImageBitmap;
  }
}

/** Lets the queue copy bitmaps, as browsers do, by the internal data of Deno's bitmaps. */
function copyBitmaps(device: GPUDevice): void {
  const copyExternalImageToTexture = (
    { source }: { source: ImageBitmap & Record<symbol, () => Uint8Array<ArrayBuffer>> },
    destination: { texture: GPUTexture },
    [width, height]: [number, number],
  ) => {
    const data = source[Symbol.for("Deno_bitmapData")]!();
    device.queue.writeTexture(destination, data, { bytesPerRow: width * 4 }, [width, height]);
  };
  Object.assign(device.queue, { copyExternalImageToTexture });
}

gpuTest(
  "TextureMaker makes each variant with its own options, and otherwise with those of the loader",
  async ({ device }) => {
    const maker = makerOf(device, {
      mipmaps: true,
      variants: { data: { srgb: false }, small: { mipmaps: false, maxBytes: 15 } },
    });
    const shown = ({ label, format, mipLevelCount }: Texture) => [label, format, mipLevelCount];
    assertEquals(shown(maker.make("a.png", PNG)), ["a.png", "rgba8unorm-srgb", 2]);
    const data = maker.make("a.png?data", PNG);
    assertEquals(shown(data), ["a.png?data", "rgba8unorm", 2]);
    assertEquals(await readPixels(device, data), PIXELS);
    assertEquals(shown(await maker.makeAsync(GIF.bytes, request("b.gif?data"))).slice(0, 2), [
      "b.gif?data",
      "rgba8unorm",
    ]);
    assertThrows(() => maker.make("a.png?small", PNG), RangeError, "maxBytes allows 15");
  },
);

gpuTest("TextureMaker refuses bad options of a variant", ({ device }) => {
  const refused = (variant: unknown, error: typeof TypeError | typeof RangeError, why: string) => {
    const options = { variants: { data: variant } } as TextureLoaderOptions;
    assertThrows(() => makerOf(device, options), error, `Cannot create a textureLoader: ${why}`);
  };
  const known = "use srgb, mipmaps, premultiplyAlpha, usage or maxBytes";
  refused({ sRGB: false }, TypeError, `the variant "data" has the unknown option "sRGB", ${known}`);
  refused(
    { retire() {} },
    TypeError,
    `the variant "data" has the unknown option "retire", ${known}`,
  );
  refused(true, TypeError, `the variant "data" has no options, ${known}`);
  refused(null, TypeError, `the variant "data" has no options, ${known}`);
  refused({ maxBytes: 0 }, RangeError, '"maxBytes" must be a number above 0: received 0');
});

gpuTest("TextureMaker.make() makes a texture from a PNG", async ({ device }) => {
  const texture = makerOf(device).make("a.png", PNG);
  assertEquals([texture.label, texture.byteLength], ["a.png", 16]);
  assertEquals(await readPixels(device, texture), PIXELS);
});

gpuTest(
  "TextureMaker.make() refuses images that can only be decoded asynchronously",
  ({ device }) => {
    const message = "it is GIF, which is decoded only asynchronously, use loadAsync or reloadAsync";
    assertThrows(() => makerOf(device).make("a.png", GIF.bytes), TypeError, message);
  },
);

gpuTest(
  "TextureMaker.makeAsync() makes textures from all kinds of images, whatever their extension is",
  async ({ device }) => {
    const maker = makerOf(device, { srgb: false });
    const make = async (bytes: Uint8Array<ArrayBuffer>) =>
      await readPixels(device, await maker.makeAsync(bytes, request("a.png")));
    assertEquals(await make(PNG), PIXELS);
    for (const { bytes, pixels } of [BMP, GIF, WEBP]) assertEquals(await make(bytes), pixels);
    assertEquals(await make(await makeGreyJpeg(1, 1, 120)), [120, 120, 120, 255]);
  },
);

gpuTest(
  "TextureMaker.makeAsync() makes textures from pixels that workers have decoded",
  async ({ device }) => {
    using decoder = imageWorkers({ workers: 1 });
    const maker = makerOf(device, { srgb: false, decoder });
    const make = async (bytes: Uint8Array<ArrayBuffer>) =>
      await readPixels(device, await maker.makeAsync(bytes.slice(), request("a.png")));
    assertEquals(await make(PNG), PIXELS);
    for (const { bytes, pixels } of [BMP, GIF, WEBP]) assertEquals(await make(bytes), pixels);
    await assertRejects(() => make(HUGE), RangeError); // on this thread, before it is sent
    const damaged = makeRgba(1, 1, [1, 2, 3, 4]).fill(0, 45, 46);
    await assertRejects(() => make(damaged), SyntaxError, "the PNG");
  },
);

gpuTest(
  "TextureMaker.makeAsync() uses no decoder where the queue can copy bitmaps, as in browsers",
  async ({ device }) => {
    copyBitmaps(device);
    const decoder = {
      decode(): never {
        throw new Error("it was used");
      },
    };
    const made = await makerOf(device, { decoder }).makeAsync(GIF.bytes, request("a.gif"));
    assertEquals(made.label, "a.gif");
  },
);

gpuTest(
  "TextureMaker refuses pixels of a decoder that are too large or do not have their size",
  async ({ device }) => {
    const created = countCreated(device);
    const make = (width: number, length: number) => {
      const pixels = { width, height: 1, data: new Uint8Array(length) };
      const decoder = { decode: () => Promise.resolve(pixels) };
      return makerOf(device, { decoder, maxBytes: 16 }).makeAsync(PNG, request("a.png"));
    };
    await assertRejects(() => make(1e6, 4e6), RangeError, "it is 1000000 × 1 pixels");
    await assertRejects(
      () => make(2, 7),
      RangeError,
      "its decoder returned 7 bytes for 2 × 1 pixels, not 8",
    );
    assertEquals(created.count, 0);
  },
);

gpuTest(
  "TextureMaker takes no GPU memory for files that are too large, damaged, or not images",
  async ({ device }) => {
    const maker = makerOf(device, { maxBytes: 8 });
    const created = countCreated(device);
    const damaged = makeRgba(1, 1, [1, 2, 3, 4]).fill(0, 45, 46);
    const refused = [HUGE, PNG, damaged, new Uint8Array(99), BMP.bytes.subarray(0, 40)];
    for (const bytes of refused) {
      assertThrows(() => maker.make("a.png", bytes));
      await assertRejects(() => maker.makeAsync(new Uint8Array(bytes), request("a.png")));
    }
    assertEquals(created.count, 0);
  },
);

gpuTest(
  "TextureMaker does not decode an image that is too large by its header",
  async ({ device }) => {
    const maker = makerOf(device, { maxBytes: 4 });
    let decoded = 0;
    await decodingAfter(() => decoded++, async () => {
      const message = "it is 2 × 1 pixels and takes 8 bytes, maxBytes allows 4";
      await assertRejects(() => maker.makeAsync(BMP.bytes, request("a.bmp")), RangeError, message);
      await maker.makeAsync(GIF.bytes, request("a.gif"));
    });
    assertEquals(decoded, 1);
  },
);

gpuTest(
  "TextureMaker does not decode an image with a larger picture than its header says",
  async ({ device }) => {
    const maker = makerOf(device);
    const files = [
      makeGif([1, 1], [0, 0, 65_535, 65_535]),
      makeApng([0, 0, 65_535, 65_535]),
      makeWebP(vp8x(1, 1), vp8l(16_384, 16_384)),
      makeJpeg(sof(1, 1), sof(65_535, 65_535)),
    ];
    let decoded = 0;
    await decodingAfter(() => decoded++, async () => {
      for (const bytes of files) {
        await assertRejects(() => maker.makeAsync(bytes, request("a.png")), SyntaxError);
        assertThrows(() => maker.make("a.png", bytes), SyntaxError);
      }
    });
    assertEquals(decoded, 0);
  },
);

gpuTest("TextureMaker.makeAsync() makes no texture after it was aborted", async ({ device }) => {
  const created = countCreated(device);
  const controller = new AbortController();
  const making = makerOf(device).makeAsync(GIF.bytes, request("a.gif", controller.signal));
  controller.abort(new Error("not needed any more"));
  await assertRejects(() => making, Error, "not needed any more");
  assertEquals(created.count, 0);
});

gpuTest(
  "TextureMaker refuses a lost device, also if it is lost while an image is decoded",
  async ({ device }) => {
    const maker = makerOf(device, { onLost() {} });
    const lose = async () => {
      device.destroy();
      await device.lost;
    };
    await decodingAfter(lose, async () => {
      const message = "the GPU device is lost (destroyed)";
      const make = () => maker.makeAsync(GIF.bytes, request("a.gif"));
      await assertRejects(make, ReferenceError, message);
    });
    assertThrows(
      () => maker.make("a.png", PNG),
      ReferenceError,
      "the GPU device is lost (destroyed)",
    );
  },
);

gpuTest(
  "TextureMaker.makeAsync() copies bitmaps where the queue can, as in browsers",
  async ({ device }) => {
    copyBitmaps(device);
    const { usage } = makerOf(device).make("a.png", PNG).texture;
    assertEquals(usage & GPUTextureUsage.RENDER_ATTACHMENT, GPUTextureUsage.RENDER_ATTACHMENT);
    const make = (options: TextureLoaderOptions): Promise<Texture> =>
      makerOf(device, options).makeAsync(GIF.bytes, request("a.gif"));
    assertEquals(await readPixels(device, await make({})), GIF.pixels);
    const texture = await make({ mipmaps: true, premultiplyAlpha: true });
    assertNear(await readPixels(device, texture), GIF.pixels);
  },
);

gpuTest(
  "TextureMaker frees the pixels of its own workers, and not those of another decoder",
  async ({ device }) => {
    for (const isOurs of [true, false]) {
      using images = imageWorkers({ workers: 1 });
      const { decode } = images;
      const given: Pixels[] = [];
      const noting = async (...args: Parameters<typeof decode>) => {
        const pixels = await decode(...args);
        given.push(pixels);
        return pixels;
      };
      const decoder = isOurs ? Object.assign(images, { decode: noting }) : { decode: noting };
      const texture = await makerOf(device, { decoder }).makeAsync(PNG.slice(), request("a.png"));
      assertEquals([texture.width, given[0]?.data.length], [2, isOurs ? 0 : PIXELS.length]);
      texture.texture.destroy();
    }
  },
);

/** A PNG with two megabytes of pixels in many colours. */
function large(): Uint8Array<ArrayBuffer> {
  const [width, height] = [512, 1_024];
  const data = Uint8Array.from(
    { length: width * height * 4 },
    (_, i) => (i >> 2) * (3 + i % 4) & 255,
  );
  return makeRgba(width, height, data);
}

gpuTest(
  "TextureMaker.makeAsync() uploads a large image in several turns, and its texture is that of make()",
  async ({ device }) => {
    const png = large();
    for (const options of [{}, { mipmaps: true }, { premultiplyAlpha: true }]) {
      const maker = makerOf(device, options);
      const uploads: (number | undefined)[] = [];
      const context: TextureContext = {
        ...request("a.png"),
        turn(run, options) {
          uploads.push(options?.uploadBytes);
          return Promise.resolve(run()) as ReturnType<typeof context.turn<ReturnType<typeof run>>>;
        },
      };
      const [whole, byParts] = [
        maker.make("a.png", png),
        await maker.makeAsync(png.slice(), context),
      ];
      assertEquals(uploads, [0, 2 ** 20, 2 ** 20, 0]);
      assertEquals(await readPixels(device, byParts), await readPixels(device, whole));
      assertEquals(byParts.mipLevelCount, whole.mipLevelCount);
      for (const { texture } of [whole, byParts]) texture.destroy();
    }
  },
);

gpuTest(
  "TextureMaker.makeAsync() destroys a large texture when its load is withdrawn between two turns",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    let turns = 0;
    const context: TextureContext = {
      ...request("a.png"),
      turn(run) {
        if (++turns === 3) return Promise.reject(new DOMException("Gone", "AbortError"));
        return Promise.resolve(run()) as ReturnType<typeof context.turn<ReturnType<typeof run>>>;
      },
    };
    const maker = makerOf(device, { premultiplyAlpha: true });
    await assertRejects(() => maker.makeAsync(large(), context), DOMException, "Gone");
    assertEquals(destroyed.length, 2); // the texture, and the one that it would have been made from
  },
);
