import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { retireTexture, type Texture, wrapTexture } from "../../../src/webgpu/texture.ts";
import { gpuTest } from "./_gpu.ts";

function makeTexture(device: GPUDevice): Texture {
  return wrapTexture(device.createTexture({
    label: "hero.png",
    size: [6, 3],
    mipLevelCount: 3,
    format: "rgba8unorm",
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  }));
}

function shown(texture: Texture): string {
  return Deno.inspect(texture, { colors: false });
}

gpuTest("Texture has its key, its size and its bytes, and a single view", ({ device }) => {
  const texture = makeTexture(device);
  assertEquals([texture.label, texture.width, texture.height], ["hero.png", 6, 3]);
  assertEquals([texture.format, texture.mipLevelCount], ["rgba8unorm", 3]);
  assertEquals(texture.byteLength, (6 * 3 + 3 * 1 + 1) * 4);
  assertEquals([texture.texture.label, texture.view.label], ["hero.png", "hero.png"]);
  assertStrictEquals(texture.view, texture.view);
});

gpuTest(
  "Texture.view and Texture.texture throw after the unload, and its other members do not",
  ({ device }) => {
    const texture = makeTexture(device);
    retireTexture(texture);
    const message =
      'Cannot use the texture "hero.png": it is unloaded, keep its handle and read .value';
    assertEquals((assertThrows(() => texture.view, ReferenceError) as Error).message, message);
    assertThrows(() => texture.texture, ReferenceError, message);
    assertEquals([texture.width, texture.byteLength], [6, 88]);
  },
);

gpuTest(
  "retireTexture() returns a function that destroys the GPU texture",
  async ({ device, errors }) => {
    const texture = makeTexture(device);
    const bytes = new Uint8Array(6 * 3 * 4);
    const gpuTexture = texture.texture;
    const write = async () => {
      device.queue.writeTexture({ texture: gpuTexture }, bytes, { bytesPerRow: 24 }, [6, 3]);
      await device.queue.onSubmittedWorkDone();
    };
    const destroy = retireTexture(texture);
    await write();
    assertEquals(errors, []);
    destroy();
    destroy(); // a second call is harmless
    await write();
    assertEquals(errors.splice(0).length, 1);
  },
);

gpuTest(
  "console.log() of a texture shows its properties, and whether it is unloaded",
  ({ device }) => {
    const texture = makeTexture(device);
    assertEquals(
      shown(texture).replaceAll(/\s+/g, " "),
      'Texture { label: "hero.png", width: 6, height: 3, format: "rgba8unorm", mipLevelCount: 3, byteLength: 88 }',
    );
    retireTexture(texture);
    assertEquals(
      shown(texture).replaceAll(/\s+/g, " "),
      'Texture { label: "hero.png", width: 6, height: 3, format: "rgba8unorm", unloaded: true }',
    );
  },
);
