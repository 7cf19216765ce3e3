/**
 * Loaders for PixiJS 8: textures, sprite sheets and bitmap fonts. When nothing uses a texture, a sheet
 * or a font any more, it is destroyed with everything that it holds.
 *
 * @example
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { ResourceManager } from "@holdfast/resources";
 * import { pixiLoaders } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * await using mgr = new ResourceManager({
 *   source: "examples/assets", // in a browser: new HttpSource("assets/")
 *   loaders: pixiLoaders(PIXI),
 * });
 * {
 *   using scene = mgr.scope("title");
 *   const coin = await scene.loadAsync("common/coin.png"); // a Handle<PIXI.Texture>
 *   const sprite = scene.adopt(new PIXI.Sprite(coin.value), (sprite) => sprite.destroy());
 *   assertEquals([sprite.width, mgr.bytes], [32, 4096]);
 * } // the sprite is destroyed, and then the texture, its source and its bitmap
 * assertEquals(mgr.bytes, 0);
 * ```
 *
 * @module
 */
import type { Loader } from "./contract/loader.ts";
import { FontLoader } from "./pixi/fonts.ts";
import { assertPixi, type PixiNamespace } from "./pixi/namespace.ts";
import type { PixiDecoder, PixiLoaderOptions, PixiTextureOptions } from "./pixi/options.ts";
import { frameLoader, SheetLoader } from "./pixi/sheets.ts";
import { TextureLoader } from "./pixi/textures.ts";

export type { PixiDecoder, PixiLoaderOptions, PixiNamespace, PixiTextureOptions };

/**
 * The loaders that `pixiLoaders` makes: for images, sprite sheets, their frames, and bitmap fonts.
 *
 * @typeParam P The namespace of PixiJS.
 *
 * @example With loaders of your own
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { type Loader, ResourceManager } from "@holdfast/resources";
 * import { type PixiLoaders, pixiLoaders } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const loaders: PixiLoaders<typeof PIXI> = pixiLoaders(PIXI);
 * const maps: Loader<string[], ".map"> = {
 *   name: "map",
 *   extensions: [".map"],
 *   load: (bytes) => new TextDecoder().decode(bytes).split("\n"),
 * };
 * using mgr = new ResourceManager({ loaders: [...loaders, maps] });
 * assertEquals(mgr.size, 0);
 * ```
 */
export type PixiLoaders<P extends PixiNamespace> = readonly [
  Loader<InstanceType<P["Texture"]>, ".png" | ".jpg" | ".jpeg" | ".gif" | ".webp" | ".bmp">,
  Loader<InstanceType<P["Spritesheet"]>, ".sheet.json">,
  Loader<InstanceType<P["Texture"]>, ".sheet.json#">,
  Loader<InstanceType<P["BitmapFont"]>, ".fnt">,
];

/**
 * Makes the loaders for `pixi`, the namespace of PixiJS 8:
 *
 * | name | value | holds |
 * | --- | --- | --- |
 * | `hero.png`, and JPEG, GIF, WebP, BMP | a `Texture` | its `ImageBitmap` |
 * | `hero.sheet.json` | a `Spritesheet` | its `meta.image`, in the same directory |
 * | `hero.sheet.json#run-1` | the `Texture` of a frame | its sheet |
 * | `ui.fnt` | a `BitmapFont`, which texts find by its key | its pages, in the same directory |
 *
 * All are asynchronous: use `loadAsync`. An image whose headers say that it would take more than 256 MiB
 * is refused before it is decoded. A texture's size is that of its pixels on the GPU in bytes, mip levels
 * included. PixiJS uploads a texture when it draws it, and keeps the bitmap to upload it again.
 *
 * On a reload, textures, sheets and fonts stay the same objects and get new content, which sprites then
 * show. The loaders do not use `Assets` of PixiJS, and put only fonts into its `Cache`.
 *
 * Making loaders costs nothing; each image costs O(pixels), a sheet O(frames), a font O(glyphs).
 *
 * @throws {TypeError} `pixi` is not version 8 of PixiJS, or lacks a class that is needed.
 *
 * @typeParam P The namespace of PixiJS.
 *
 * @example A frame of a sprite sheet
 * ```ts
 * import * as PIXI from "pixi.js";
 * import { LayeredSource, MemorySource, FileSource, ResourceManager } from "@holdfast/resources";
 * import { pixiLoaders } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const sheet = {
 *   frames: { "spin-1": { frame: { x: 0, y: 0, w: 16, h: 32 } } },
 *   meta: { image: "coin.png", scale: 1 },
 * };
 * await using mgr = new ResourceManager({
 *   source: new LayeredSource([
 *     new MemorySource({ "common/coin.sheet.json": JSON.stringify(sheet) }),
 *     new FileSource("examples/assets"),
 *   ]),
 *   loaders: pixiLoaders(PIXI),
 * });
 * using frame = await mgr.loadAsync("common/coin.sheet.json#spin-1"); // a Handle<PIXI.Texture>
 * assertEquals([frame.value.width, mgr.has("common/coin.png")], [16, true]);
 * ```
 */
export function pixiLoaders<P extends PixiNamespace>(
  pixi: P,
  options: PixiLoaderOptions = {},
): PixiLoaders<P> {
  const checked = assertPixi(pixi);
  const textures = new TextureLoader(checked, options);
  const sheets = new SheetLoader(checked, textures);
  const fonts = new FontLoader(checked, textures.variants);
  const loaders: readonly unknown[] = [textures, sheets, frameLoader(checked, sheets), fonts];
  return loaders as PixiLoaders<P>;
}
