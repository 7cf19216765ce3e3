import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Texture } from "../../../src/webgpu/texture.ts";
import { Uploader } from "../../../src/webgpu/uploader.ts";
import { assertNear, gpuTest, noteDestroyed, readPixels } from "./_gpu.ts";

function destroy({ texture }: Texture): void {
  texture.destroy();
}

function pixels(width: number, height: number, ...data: number[]) {
  return { width, height, data: new Uint8Array(data) };
}

gpuTest(
  "Uploader.upload() makes a texture of exactly these bytes, of any width",
  async ({ device }) => {
    const { COPY_SRC } = GPUTextureUsage;
    for (const [width, height] of [[1, 1], [3, 2], [64, 1], [65, 3]] as const) {
      const data = Array.from({ length: width * height * 4 }, (_, i) => i * 7 % 256);
      const uploader = new Uploader(device, { usage: COPY_SRC });
      const texture = uploader.upload("a.png", pixels(width, height, ...data));
      assertEquals(await readPixels(device, texture), data);
    }
  },
);

gpuTest(
  "Uploader.upload() submits at once, because Deno keeps a copy of the written bytes until then",
  ({ device }) => {
    const { queue } = device;
    const { submit } = queue;
    let submitted = 0;
    queue.submit = (commands) => {
      submitted++;
      submit.call(queue, commands);
    };
    for (const options of [{}, { mipmaps: true }, { premultiplyAlpha: true }]) {
      new Uploader(device, options).upload("a.png", pixels(2, 1, ...Array(8).fill(9)));
    }
    assertEquals(submitted, 3);
  },
);

gpuTest(
  "Uploader makes sRGB textures by default, and linear ones with srgb: false",
  ({ device }) => {
    const format = (srgb?: boolean) =>
      new Uploader(device, { srgb }).upload("a.png", pixels(1, 1, 1, 2, 3, 4)).format;
    assertEquals([format(), format(true), format(false)], [
      "rgba8unorm-srgb",
      "rgba8unorm-srgb",
      "rgba8unorm",
    ]);
  },
);

gpuTest("Uploader makes premultiplied textures with all mip levels", async ({ device }) => {
  const uploader = new Uploader(device, {
    ...{ srgb: false, premultiplyAlpha: true, mipmaps: true },
    usage: GPUTextureUsage.COPY_SRC,
  });
  const texture = uploader.upload("a.png", pixels(2, 1, 200, 100, 50, 51, 0, 255, 0, 255));
  assertEquals([texture.mipLevelCount, texture.byteLength], [2, 12]);
  assertNear(await readPixels(device, texture), [40, 20, 10, 51, 0, 255, 0, 255]);
  assertNear(await readPixels(device, texture, 1), [20, 138, 5, 153]);
});

gpuTest(
  "Uploader.assertFits() refuses images that exceed the limits of the device, or maxBytes",
  ({ device }) => {
    const most = device.limits.maxTextureDimension2D;
    const uploader = new Uploader(device, {});
    uploader.assertFits({ width: most, height: 1 });
    const message = `it is 1 × ${most + 1} pixels, and the device allows ${most} a side`;
    assertThrows(() => uploader.assertFits({ width: 1, height: most + 1 }), RangeError, message);
    const small = new Uploader(device, { maxBytes: 84, mipmaps: true });
    small.assertFits({ width: 4, height: 4 });
    assertThrows(
      () => small.assertFits({ width: 5, height: 4 }),
      RangeError,
      "it is 5 × 4 pixels and takes 100 bytes, maxBytes allows 84",
    );
  },
);

gpuTest("Uploader refuses a maxBytes that is not a positive number", ({ device }) => {
  for (const maxBytes of [0, -1, NaN]) {
    assertThrows(
      () => new Uploader(device, { maxBytes }),
      RangeError,
      `Cannot create a textureLoader: "maxBytes" must be a number above 0: received ${maxBytes}`,
    );
  }
});

gpuTest(
  "Uploader.confirm() rejects with the error of the GPU, and destroys the texture",
  async ({ device }) => {
    // A texture in sRGB cannot be used as storage.
    const uploader = new Uploader(device, { usage: GPUTextureUsage.STORAGE_BINDING });
    const destroyed = noteDestroyed(device);
    await assertRejects(
      () => uploader.confirm(() => uploader.upload("a.png", pixels(1, 1, 1, 2, 3, 4)), destroy),
      Error,
      "the GPU refused it: ",
    );
    assertEquals(destroyed.length, 1);
  },
);

gpuTest(
  "Uploader destroys a texture that cannot be written, and closes its error scopes",
  async ({ device, errors }) => {
    const uploader = new Uploader(device, {});
    const destroyed = noteDestroyed(device);
    const { queue } = device;
    queue.writeTexture = () => {
      throw new RangeError("no");
    };
    const upload = () => uploader.upload("a.png", pixels(1, 1, 1, 2, 3, 4));
    assertThrows(upload, RangeError, "no");
    await assertRejects(() => uploader.confirm(upload, destroy), RangeError, "no");
    assertEquals(destroyed.length, 2);
    device.createSampler({ lodMinClamp: -1 }); // its error is uncaptured, because the scopes are closed
    await queue.onSubmittedWorkDone();
    assertEquals(errors.splice(0).length, 1);
  },
);
