/**
 * Textures for WebGPU: images are decoded, brought to the GPU, and destroyed there when nothing uses
 * them any more. A garbage collector does that late or never, for it does not see how large they are.
 *
 * @example
 * ```ts
 * import { FileSource, ResourceManager } from "@holdfast/resources";
 * import { Texture, textureLoader } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   using mgr = new ResourceManager({
 *     source: new FileSource("examples/assets"),
 *     loaders: [textureLoader(device)],
 *   });
 *   {
 *     using coin = mgr.load("common/coin.png", Texture);
 *     assertEquals([coin.value.width, coin.value.height, mgr.bytes], [32, 32, 4096]);
 *   } // destroyed here
 *   assertEquals(mgr.bytes, 0);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 *
 * @module
 */
import type { Loader } from "./contract/loader.ts";
import { TextureMaker } from "./webgpu/texture_maker.ts";
import { destroyTexture, Texture } from "./webgpu/texture.ts";
import type { TextureLoaderOptions } from "./webgpu/texture_options.ts";

export { Texture, type TextureLoaderOptions };

const EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];

/**
 * Makes textures of images, for `device`. What is decoded where:
 *
 * | image | `load` | `loadAsync` |
 * | --- | --- | --- |
 * | PNG | everywhere, in JavaScript | in Deno as by `load`; in browsers by `createImageBitmap`, beside the main thread |
 * | JPEG, WebP, GIF and BMP | refused | by `createImageBitmap` |
 *
 * What counts is how a file begins, and not its extension. Of animations the first picture is
 * taken. All become 8 bits a channel; 16 are rounded. Colour values are taken as they are: gamma
 * and colour profiles are ignored.
 *
 * An image is refused by its header, before anything is decoded or GPU memory taken, if it is
 * larger than the device or `maxBytes` allows, and a PNG too if it inflates to more pixels than its
 * header says. A texture's size is that of its mip levels together, in bytes.
 *
 * When the device is lost, the textures that are resident draw nothing and are unloaded as any
 * other, and further loads are refused. Register a loader for a new device, and `reload` what is
 * resident: handles then have textures of the new one.
 *
 * What `load` can't know in time, such as that the GPU has no memory left, comes as an
 * `uncapturederror` event of the device; `loadAsync` waits for it and rejects.
 *
 * Making one costs nothing; each image costs O(pixels).
 *
 * @throws {RangeError} `maxBytes` is no positive number.
 *
 * @example Colours and normal maps
 * ```ts
 * import { FileSource, ResourceManager } from "@holdfast/resources";
 * import { Texture, textureLoader } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   using mgr = new ResourceManager({
 *     source: new FileSource("examples/assets"),
 *     loaders: [
 *       textureLoader(device, { mipmaps: true, premultiplyAlpha: true }),
 *       textureLoader(device, { srgb: false, extensions: [".normal.png"] }), // the longest wins
 *     ],
 *   });
 *   using tree = await mgr.loadAsync("forest/tree.png", Texture);
 *   assertEquals([tree.value.format, tree.value.mipLevelCount], ["rgba8unorm-srgb", 8]);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
export function textureLoader(
  device: GPUDevice,
  options: TextureLoaderOptions = {},
): Loader<Texture> {
  const maker = new TextureMaker(device, options);
  return {
    name: "texture",
    extensions: options.extensions ?? EXTENSIONS,
    load: (bytes, { key }) => maker.make(key, bytes),
    loadAsync: (bytes, { key, signal }) => maker.makeAsync(key, bytes, signal),
    unload: destroyTexture,
    byteLength: (texture) => texture.byteLength,
  };
}
