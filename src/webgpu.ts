/**
 * Textures for WebGPU: images are decoded and written to the GPU, and their textures are destroyed when
 * nothing uses them any more. A garbage collector does that late or never, because it does not see how
 * large they are.
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
 *   } // unloaded here, and destroyed when this task ends: what it recorded can still be submitted
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
import { destroyAfterTask, handOver } from "./webgpu/retirement.ts";
import { Texture } from "./webgpu/texture.ts";
import type { TextureLoaderOptions, TextureOptions } from "./webgpu/texture_options.ts";

export { decodeImage } from "./webgpu/decode_image.ts";
export type { ImageDecoder, ImageRequest } from "./webgpu/image_decoder.ts";
export {
  type ImageWorkers,
  imageWorkers,
  type ImageWorkersOptions,
} from "./webgpu/image_workers.ts";
export type { Pixels } from "./webgpu/png.ts";
export { Texture, type TextureLoaderOptions, type TextureOptions };

const EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"];

/**
 * Makes a loader that turns images into textures of `device`. Where they are decoded:
 *
 * | image | `load` | `loadAsync` |
 * | --- | --- | --- |
 * | PNG | in JavaScript, on the main thread | in Deno as by `load`; in browsers by `createImageBitmap`, off the main thread |
 * | JPEG, WebP, GIF and BMP | refused | by `createImageBitmap`; in Deno that blocks the main thread |
 *
 * With `decoder: imageWorkers()`, `loadAsync` in Deno decodes all of them in workers.
 *
 * The first bytes of a file decide what it is, not its extension. Of an animation, only the first picture
 * is used. All channels become 8 bits; 16 are rounded. Colour values are not converted: gamma and colour
 * profiles are ignored.
 *
 * Headers are checked before anything is decoded or GPU memory is allocated: an image is refused if it
 * is larger than the device or `maxBytes` allows, or if a picture in it is larger than its header says.
 * A PNG is also refused if it inflates to more pixels than its header says. A texture's size is the sum
 * of its mip levels, in bytes.
 *
 * A texture is unusable as soon as its resource is unloaded, and its bytes no longer count. The GPU
 * texture is destroyed when the task ends, so commands that the task has recorded with it can still be
 * submitted. `await using` of the manager waits for that. If you await between recording and submitting,
 * use the option `retire`.
 *
 * When the device is lost, resident textures draw nothing and are unloaded as usual, and further loads are
 * refused. Register a loader for a new device, and `reload` the resident textures: their handles then have
 * textures of the new device.
 *
 * Some errors come too late for `load`, such as a GPU without free memory: they are `uncapturederror`
 * events of the device. `loadAsync` waits for them and rejects.
 *
 * Making a loader costs nothing; each image costs O(pixels).
 *
 * @throws {RangeError} `maxBytes` is not a positive number.
 * @throws {TypeError} A variant is not an object, or has an unknown option.
 *
 * @typeParam E The extensions that it reads, as literals.
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
 *   using tree = await mgr.loadAsync("forest/tree.png"); // a Handle<Texture>
 *   assertEquals([tree.value.format, tree.value.mipLevelCount], ["rgba8unorm-srgb", 8]);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
// Without NoInfer, E becomes `string` in the `loaders` of a manager, and no name has a type.
export function textureLoader<
  const E extends string = ".png" | ".jpg" | ".jpeg" | ".gif" | ".webp" | ".bmp",
>(device: GPUDevice, options: TextureLoaderOptions<E> = {}): Loader<Texture, NoInfer<E>> {
  const maker = new TextureMaker(device, options);
  const { retire } = options;
  return {
    name: "texture",
    extensions: options.extensions ?? EXTENSIONS as readonly E[],
    variants: Object.keys(options.variants ?? {}),
    load: (bytes, { key }) => maker.make(key, bytes),
    loadAsync: (bytes, context) => maker.makeAsync(bytes, context),
    unload: retire ? (texture) => handOver(texture, retire) : destroyAfterTask,
    byteLength: (texture) => texture.byteLength,
  };
}
