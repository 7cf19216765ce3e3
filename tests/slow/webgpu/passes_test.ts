import { assertEquals } from "@std/assert";
import { Passes } from "../../../src/webgpu/passes.ts";
import { assertNear, gpuTest, readPixels } from "./_gpu.ts";

type Format = "rgba8unorm" | "rgba8unorm-srgb";

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly format?: Format;
  readonly mipLevelCount?: number;
  readonly pixels?: readonly number[];
}

/** A texture to draw from and to. */
function makeTexture(device: GPUDevice, picture: Picture): GPUTexture {
  const { width, height, format = "rgba8unorm-srgb", mipLevelCount = 1, pixels } = picture;
  const { TEXTURE_BINDING, COPY_DST, COPY_SRC, RENDER_ATTACHMENT } = GPUTextureUsage;
  const usage = TEXTURE_BINDING | COPY_DST | COPY_SRC | RENDER_ATTACHMENT;
  const texture = device.createTexture({ size: [width, height], format, mipLevelCount, usage });
  if (pixels === undefined) return texture;
  const layout = { bytesPerRow: width * 4 };
  device.queue.writeTexture({ texture }, new Uint8Array(pixels), layout, [width, height]);
  return texture;
}

/** The first smaller mip level. */
async function half(device: GPUDevice, picture: Picture, premultiplied = false): Promise<number[]> {
  const texture = makeTexture(device, { ...picture, mipLevelCount: 2 });
  new Passes(device, texture.format, premultiplied).finish(texture);
  return await readPixels(device, texture, 1);
}

const WHITE = [255, 255, 255, 255];
const BLACK = [0, 0, 0, 255];

gpuTest(
  "Passes.finish() averages light in sRGB, and numbers otherwise",
  async ({ device }) => {
    const picture = { width: 2, height: 2, pixels: [WHITE, BLACK, BLACK, WHITE].flat() };
    assertNear(await half(device, picture), [188, 188, 188, 255]); // half as much light
    assertEquals(await half(device, { ...picture, format: "rgba8unorm" }), [128, 128, 128, 255]);
  },
);

gpuTest("Passes.finish() weights pixels by their opacity", async ({ device }) => {
  const [clear, red] = [[0, 255, 0, 0], [255, 0, 0, 255]];
  const picture = { width: 2, height: 2, pixels: [clear, red, clear, clear].flat() };
  assertEquals(await half(device, picture), [255, 0, 0, 64]);
  const invisible = { width: 2, height: 2, pixels: [clear, clear, clear, clear].flat() };
  assertEquals(await half(device, invisible), clear); // it keeps its colour, which may be blended with neighbours
});

gpuTest(
  "Passes.finish() averages premultiplied colours without weights",
  async ({ device }) => {
    const pixels = [[0, 0, 0, 0], [100, 0, 0, 200], [0, 0, 0, 0], [0, 0, 0, 0]].flat();
    const picture: Picture = { width: 2, height: 2, format: "rgba8unorm", pixels };
    assertEquals(await half(device, picture, true), [25, 0, 0, 50]);
  },
);

gpuTest("Passes.finish() weights every pixel equally for odd sizes", async ({ device }) => {
  const greys = (...values: number[]) => values.flatMap((value) => [value, value, value, 255]);
  const row: Picture = {
    width: 5,
    height: 1,
    format: "rgba8unorm",
    pixels: greys(200, 100, 50, 0, 250),
  };
  // Half of the middle pixel is in each: (200 + 100 + 25) / 2.5 and (25 + 0 + 250) / 2.5.
  assertEquals(await half(device, row), greys(130, 110));
  const three: Picture = {
    width: 3,
    height: 3,
    format: "rgba8unorm",
    pixels: greys(...Array(8).fill(9), 99),
  };
  assertEquals(await half(device, three), greys(19));
});

gpuTest("Passes.finish() makes each level from the one before it", async ({ device }) => {
  const texture = makeTexture(device, {
    ...{ width: 4, height: 2, format: "rgba8unorm", mipLevelCount: 3 },
    pixels: [...Array(16).fill(80), ...Array(16).fill(160)],
  });
  new Passes(device, "rgba8unorm", true).finish(texture);
  assertEquals(await readPixels(device, texture, 1), Array(8).fill(120));
  assertEquals(await readPixels(device, texture, 2), Array(4).fill(120));
});

gpuTest(
  "Passes.finish() premultiplies light in sRGB, and numbers otherwise",
  async ({ device }) => {
    const pixels = [255, 128, 0, 255, 255, 128, 0, 128, 255, 128, 7, 0];
    const premultiplied = async (format: Format) => {
      const picture: Picture = { width: 3, height: 1, format };
      const source = makeTexture(device, { ...picture, pixels });
      const target = makeTexture(device, picture);
      new Passes(device, format, true).finish(target, source);
      return await readPixels(device, target);
    };
    assertEquals(await premultiplied("rgba8unorm"), [
      255,
      128,
      0,
      255,
      128,
      64,
      0,
      128,
      0,
      0,
      0,
      0,
    ]);
    // 188 is half the light of 255, and 93 of 128.
    assertNear(await premultiplied("rgba8unorm-srgb"), [
      255,
      128,
      0,
      255,
      188,
      93,
      0,
      128,
      0,
      0,
      0,
      0,
    ]);
  },
);
