import type { Pixi } from "./pixi.ts";

/**
 * What `pixiLoaders` needs of PixiJS 8. `import * as PIXI from "pixi.js"` has it all. An object with
 * these names alone lets a bundler leave out the rest of PixiJS.
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
  /** Such as `"8.22.0"`. */
  readonly VERSION: string;
  /** Images and frames are loaded as this. */
  readonly Texture: abstract new (...args: never[]) => object;
  /** What a texture takes its picture from. */
  readonly ImageSource: abstract new (...args: never[]) => object;
  /** Sprite sheets are loaded as this. */
  readonly Spritesheet: abstract new (...args: never[]) => object;
  /** Bitmap fonts are loaded as this. */
  readonly BitmapFont: abstract new (...args: never[]) => object;
  /** Keeps the layouts of texts. */
  readonly BitmapFontManager: object;
  /** Where texts find their fonts. */
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
 * What was handed in, if it is PixiJS 8.
 *
 * @throws {TypeError} It is of another version, or something is missing.
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
