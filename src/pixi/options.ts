import type { AsyncLoadContext } from "../contract/loader.ts";

/**
 * How one texture is made from an image. The names are those of PixiJS.
 *
 * @example Pixel art, and one variant that is smooth
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { ResourceManager } from "@holdfast/resources";
 * import { pixiLoaders, type PixiTextureOptions } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const smooth: PixiTextureOptions = { scaleMode: "linear", autoGenerateMipmaps: true };
 * await using mgr = new ResourceManager({
 *   source: "examples/assets",
 *   loaders: pixiLoaders(PIXI, { scaleMode: "nearest", variants: { smooth } }),
 * });
 * using coin = await mgr.loadAsync("common/coin.png");
 * using large = await mgr.loadAsync("common/coin.png?smooth");
 * assertEquals(coin.value.source.scaleMode, "nearest");
 * assertEquals(large.value.source.autoGenerateMipmaps, true);
 * ```
 */
export interface PixiTextureOptions {
  /**
   * How the texture is filtered when it is drawn larger or smaller: `"nearest"` for pixel art.
   *
   * @default {"linear"}
   */
  scaleMode?: "nearest" | "linear";
  /**
   * What is drawn beyond the edges of the texture.
   *
   * @default {"clamp-to-edge"}
   */
  addressMode?: "clamp-to-edge" | "repeat" | "mirror-repeat";
  /**
   * Whether the GPU makes mip levels. They take a third more memory.
   *
   * @default {false}
   */
  autoGenerateMipmaps?: boolean;
  /**
   * How many samples are taken where the texture is seen at a flat angle, from 1 to 16. More than 1 sets
   * `scaleMode` to `"linear"`.
   *
   * @default {1}
   */
  maxAnisotropy?: number;
  /**
   * Whether colours are multiplied by their opacity: by the decoder, in the file already, or not at all.
   *
   * @default {"premultiply-alpha-on-upload"}
   */
  alphaMode?: "premultiply-alpha-on-upload" | "premultiplied-alpha" | "no-premultiply-alpha";
  /**
   * How many pixels of the image are one unit on the stage.
   *
   * @default {1} For `hero@2x.png`, 2. A sheet sets the resolution of its image to its `meta.scale`.
   */
  resolution?: number;
}

/**
 * Decodes images: any loader of bitmaps, such as a `workerLoader`. The bitmaps belong to the textures,
 * and are closed with them.
 *
 * @example
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { imageLoader, ResourceManager } from "@holdfast/resources";
 * import { type PixiDecoder, pixiLoaders } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const keys: string[] = [];
 * const decoder: PixiDecoder = {
 *   loadAsync(bytes, context) {
 *     keys.push(context.key);
 *     return imageLoader.loadAsync!(bytes, context);
 *   },
 * };
 * await using mgr = new ResourceManager({
 *   source: "examples/assets",
 *   loaders: pixiLoaders(PIXI, { decoder }),
 * });
 * using coin = await mgr.loadAsync("common/coin.png");
 * assertEquals([coin.value.width, keys], [32, ["common/coin.png"]]);
 * ```
 */
export interface PixiDecoder {
  /** Decodes `bytes`, which it may keep or transfer. */
  loadAsync?(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<ImageBitmap>;
}

/**
 * How `pixiLoaders` makes textures.
 *
 * @example
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { type PixiLoaderOptions, pixiLoaders } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const options: PixiLoaderOptions = { variants: { tiled: { addressMode: "repeat" } } };
 * const [textures] = pixiLoaders(PIXI, options);
 * assertEquals(textures.variants, ["tiled"]);
 * ```
 */
export interface PixiLoaderOptions extends PixiTextureOptions {
  /**
   * Other ways to make a texture of the same file, by the name of the variant: `wall.png?tiled` is made
   * as `variants.tiled` says. A variant takes the options that it leaves out from the options of the
   * loaders. Sheets and fonts pass their variant on to their images.
   *
   * @default {undefined} No variants.
   */
  variants?: Readonly<Record<string, PixiTextureOptions>>;
  /**
   * Decodes images in place of `createImageBitmap`, which browsers run off the main thread.
   *
   * @default {undefined} `createImageBitmap`, after a check of the headers as by `imageLoader`.
   */
  decoder?: PixiDecoder;
  /**
   * Uploads textures as soon as they are loaded: pass `app.renderer`. With `pacing: "pumped"`, that
   * happens in a pump, within its `maxUploadBytes`.
   *
   * @default {undefined} A texture is uploaded in the first frame that draws it.
   */
  renderer?: {
    readonly texture: {
      /** Uploads a source, unless it is uploaded already. */
      initSource(source: never): void;
    };
  };
}
