import { quote } from "../contract/printable.ts";
import type { ImageDecoder } from "./image_decoder.ts";

/**
 * How one texture is made from an image.
 *
 * @example
 * ```ts
 * import { type TextureOptions, textureLoader } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const numbers: TextureOptions = { srgb: false, mipmaps: true };
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   const loader = textureLoader(device, { variants: { normal: numbers, height: numbers } });
 *   assertEquals(loader.variants, ["normal", "height"]);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
export interface TextureOptions {
  /**
   * Whether the images are sRGB colours. Their format is then `"rgba8unorm-srgb"`, and shaders read
   * linear light. Turn it off for images of numbers, such as normal maps: their format is
   * `"rgba8unorm"`.
   *
   * @default {true}
   */
  srgb?: boolean;
  /**
   * Whether each texture gets all its mip levels. The GPU makes them: it averages light and not
   * bytes, and weights each pixel by its opacity. They take a third more memory.
   *
   * @default {false}
   */
  mipmaps?: boolean;
  /**
   * Whether colours are multiplied by their opacity, in linear light with `srgb`. Draw such
   * textures with the blend factors `one` and `one-minus-src-alpha`.
   *
   * @default {false}
   */
  premultiplyAlpha?: boolean;
  /**
   * Usages of the textures besides binding them to shaders, such as `GPUTextureUsage.COPY_SRC`.
   *
   * @default {0}
   */
  usage?: GPUTextureUsageFlags;
  /**
   * How many bytes of GPU memory one texture may take. A larger image is refused by its header, before
   * anything is decoded. So is an image that is wider or higher than the device allows.
   *
   * @default {268_435_456}
   */
  maxBytes?: number;
}

/**
 * How a texture loader makes textures.
 *
 * @typeParam E The extensions that it reads, as literals.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { Texture, textureLoader, type TextureLoaderOptions } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   const options: TextureLoaderOptions = { mipmaps: true, maxBytes: 16_000_000 };
 *   using mgr = new ResourceManager({
 *     source: "examples/assets",
 *     loaders: [textureLoader(device, options)],
 *   });
 *   using coin = mgr.load("common/coin.png", Texture);
 *   assertEquals(coin.value.mipLevelCount, 6);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
export interface TextureLoaderOptions<E extends string = string> extends TextureOptions {
  /**
   * The extensions that it reads. The longest one wins, so several loaders can serve one manager: one
   * for `[".normal.png"]` with `srgb: false`, beside one for `".png"`.
   *
   * @default {[".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"]}
   */
  extensions?: readonly E[];
  /**
   * Other ways to make a texture of the same file, by the name of the variant: `hero.png?data` is made
   * as `variants.data` says. A variant takes the options that it leaves out from the options of the
   * loader.
   *
   * @default {undefined} No variants.
   *
   * @example
   * ```ts
   * import { ResourceManager } from "@holdfast/resources";
   * import { textureLoader } from "@holdfast/resources/webgpu";
   * import { assertEquals } from "@std/assert";
   *
   * const adapter = await navigator.gpu?.requestAdapter();
   * const device = await adapter?.requestDevice();
   * if (device) {
   *   using mgr = new ResourceManager({
   *     source: "examples/assets",
   *     loaders: [textureLoader(device, { variants: { data: { srgb: false } } })],
   *   });
   *   using coin = mgr.load("common/coin.png");
   *   using data = mgr.load("common/coin.png?data");
   *   assertEquals([coin.value.format, data.value.format], ["rgba8unorm-srgb", "rgba8unorm"]);
   * }
   * device?.destroy();
   * await device?.lost;
   * ```
   */
  variants?: Readonly<Record<string, TextureOptions>>;
  /**
   * Decodes images off the main thread: {@linkcode imageWorkers}, or a decoder of your own. `loadAsync`
   * uses it where the GPU's queue does not accept bitmaps, as in Deno. Browsers decode off the main
   * thread without it.
   *
   * @default {undefined} Images are decoded on the main thread.
   */
  decoder?: ImageDecoder;
  /**
   * Called with the function that destroys the GPU texture, each time that a texture is unloaded. Use it
   * in programs that await between recording and submitting: keep these functions, and call them after
   * the next `submit`. A submit with one destroyed texture draws nothing at all.
   *
   * The program has to call each of them once. That includes those that it receives when the manager is
   * disposed, which does not wait for them. If `retire` throws, the error is one of unloading, and the
   * texture is destroyed when the task ends.
   *
   * @default {undefined} A texture is destroyed when the task and its microtasks have ended.
   *
   * @example
   * ```ts
   * import { ResourceManager } from "@holdfast/resources";
   * import { Texture, textureLoader } from "@holdfast/resources/webgpu";
   * import { assertEquals } from "@std/assert";
   *
   * const adapter = await navigator.gpu?.requestAdapter();
   * const device = await adapter?.requestDevice();
   * if (device) {
   *   const retired: (() => void)[] = [];
   *   using mgr = new ResourceManager({
   *     source: "examples/assets",
   *     loaders: [textureLoader(device, { retire: (destroy) => retired.push(destroy) })],
   *   });
   *   const encoder = device.createCommandEncoder();
   *   mgr.with("common/coin.png", Texture, (_coin) => {}); // record draws with it here
   *   await device.queue.onSubmittedWorkDone(); // whatever the program waits for
   *   device.queue.submit([encoder.finish()]);
   *   assertEquals(retired.length, 1);
   *   for (const destroy of retired.splice(0)) destroy();
   * }
   * device?.destroy();
   * await device?.lost;
   * ```
   */
  retire?(destroy: () => void): void;
  /**
   * Called once when the device is lost, also if you destroy it. It may be `async`: an error that it
   * throws or rejects with goes to `console.error`.
   *
   * @default {undefined} `console.error` reports a lost device once, unless you destroyed it.
   */
  onLost?(info: GPUDeviceLostInfo): void;
}

/** The options that a variant can have. */
const KNOWN: readonly string[] = [
  "srgb",
  "mipmaps",
  "premultiplyAlpha",
  "usage",
  "maxBytes",
] satisfies (keyof TextureOptions)[];

/**
 * The options of each variant, by its name; `""` is for keys without a variant.
 *
 * @throws {TypeError} A variant is not an object, or has an option that a variant can't have.
 */
export function optionsByVariant(options: TextureLoaderOptions): Map<string, TextureOptions> {
  const all = new Map<string, TextureOptions>([["", options]]);
  for (const [variant, own] of Object.entries(options.variants ?? {})) {
    const problem = problemOf(own);
    if (problem !== undefined) {
      throw new TypeError(
        `Cannot create a textureLoader: the variant ${quote(variant)} ${problem}`,
      );
    }
    all.set(variant, { ...options, ...own });
  }
  return all;
}

/** What is wrong with the options of a variant, if anything is. */
function problemOf(options: unknown): string | undefined {
  const wanted = `use ${KNOWN.slice(0, -1).join(", ")} or ${KNOWN.at(-1)}`;
  if (typeof options !== "object" || options === null) return `has no options, ${wanted}`;
  const unknown = Object.keys(options).find((each) => !KNOWN.includes(each));
  return unknown && `has the unknown option ${quote(unknown)}, ${wanted}`;
}
