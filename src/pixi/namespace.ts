import type { Pixi } from "./pixi.ts";

/**
 * The part of PixiJS 8 that `pixiLoaders` uses. `import * as PIXI from "pixi.js"` has all of it. An
 * object with only these names lets a bundler leave out the rest of PixiJS.
 *
 * @example
 * ```ts
 * import * as PIXI from "pixi.js";
 * import type { PixiNamespace } from "@holdfast/resources/pixi";
 * import { assertEquals } from "@std/assert";
 *
 * const namespace: PixiNamespace = PIXI;
 * assertEquals(namespace.VERSION.split(".")[0], "8");
 * ```
 */
export interface PixiNamespace {
  /** The version of PixiJS, such as `"8.22.0"`. */
  readonly VERSION: string;
  /** The class of loaded images and frames. */
  readonly Texture: abstract new (...args: never[]) => object;
  /** The class of the sources from which textures take their pictures. */
  readonly ImageSource: abstract new (...args: never[]) => object;
  /** The class of loaded sprite sheets. */
  readonly Spritesheet: abstract new (...args: never[]) => object;
  /** The class of loaded bitmap fonts. */
  readonly BitmapFont: abstract new (...args: never[]) => object;
  /** Keeps the layouts of texts. */
  readonly BitmapFontManager: object;
  /** Finds the fonts of texts. */
  readonly Cache: object;
  /** Reads `.fnt` files that are text. */
  readonly bitmapFontTextParser: object;
  /** Reads `.fnt` files that are XML. */
  readonly bitmapFontXMLStringParser: object;
}

const NAMES: readonly (keyof PixiNamespace)[] = [
  "Texture",
  "ImageSource",
  "Spritesheet",
  "BitmapFont",
  "BitmapFontManager",
  "Cache",
  "bitmapFontTextParser",
  "bitmapFontXMLStringParser",
];

/**
 * Returns the namespace if it is that of PixiJS 8.
 *
 * @throws {TypeError} It has another version, or lacks a name.
 */
export function assertPixi(namespace: Partial<PixiNamespace> | null | undefined): Pixi {
  const version = namespace?.VERSION;
  const missing = NAMES.filter((name) => namespace?.[name] === undefined).join(", ");
  if (/^8\./.test(version!) && !missing) return namespace as unknown as Pixi;
  const without = missing && ` without ${missing}`;
  throw new TypeError(
    `Cannot create pixiLoaders: they need PixiJS 8, this is version ${version}${without}`,
  );
}
