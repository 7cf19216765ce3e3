import { FAILED, type ThreeNamespace } from "./namespace.ts";

/**
 * How textures are set up: properties of three's own `Texture`, with the constants of three.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { type TextureSettings, threeLoaders } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const texture: TextureSettings = { magFilter: THREE.NearestFilter }; // pixel art
 * using mgr = new ResourceManager({
 *   source: "examples/assets",
 *   loaders: threeLoaders(THREE, { texture }),
 * });
 * using coin = await mgr.loadAsync("common/coin.png");
 * assertEquals(coin.value.magFilter, THREE.NearestFilter);
 * ```
 */
export interface TextureSettings {
  /**
   * The colour space of the picture: `THREE.NoColorSpace` for one that is not colours, such as a normal
   * map.
   *
   * @default {THREE.SRGBColorSpace}
   */
  colorSpace?: string;
  /**
   * Whether to flip the picture vertically, as three's `TextureLoader` does. Geometries of three need
   * that; those of a glTF do not.
   *
   * @default {true}
   */
  flipY?: boolean;
  /**
   * Whether the GPU makes mip levels, which take a third more memory.
   *
   * @default {true}
   */
  generateMipmaps?: boolean;
  /**
   * How the texture looks when it is drawn larger, a constant of three: `THREE.NearestFilter` for pixel art.
   *
   * @default {THREE.LinearFilter}
   */
  magFilter?: number;
  /**
   * How the texture looks when it is drawn smaller, a constant of three.
   *
   * @default {THREE.LinearMipmapLinearFilter} Without mip levels, `THREE.LinearFilter`.
   */
  minFilter?: number;
  /**
   * What is drawn left and right of the texture, a constant of three such as `THREE.RepeatWrapping`.
   *
   * @default {THREE.ClampToEdgeWrapping}
   */
  wrapS?: number;
  /**
   * What is drawn above and below the texture, a constant of three.
   *
   * @default {THREE.ClampToEdgeWrapping}
   */
  wrapT?: number;
  /**
   * How many samples are taken where the texture is seen at a flat angle.
   *
   * @default {1}
   */
  anisotropy?: number;
}

/** The variant that models and cube maps load: the picture from its top, without a colour space. */
export const SOURCE = "source";

/** The settings of a variant, in which `flipY` is always set. */
export type Settings = TextureSettings & { readonly flipY: boolean };

/**
 * The settings of each variant, by its name; `""` is for keys without a variant.
 *
 * @throws {TypeError} A setting is unknown, or a variant is called `source`.
 */
export function settingsByVariant(
  three: ThreeNamespace,
  texture: TextureSettings = {},
  variants: Readonly<Record<string, TextureSettings>> = {},
): Map<string, Settings> {
  const { SRGBColorSpace, NoColorSpace: colorSpace, LinearFilter } = three;
  const defaults: TextureSettings = new three.Texture();
  const { magFilter, minFilter, generateMipmaps } = defaults;
  const inAll = { magFilter, generateMipmaps, colorSpace: SRGBColorSpace, flipY: true, ...texture };
  if (SOURCE in variants) throw new TypeError(`${FAILED} variant "${SOURCE}" is reserved`);
  const source = { colorSpace, flipY: false, generateMipmaps: true };
  const all = { "": {}, data: { colorSpace }, ...variants, [SOURCE]: source };
  return new Map(
    Object.entries(all).map(([variant, own]) => {
      const settings = { ...inAll, ...own };
      const unknown = Object.keys(settings).find((name) => !(name in defaults));
      if (unknown) {
        throw new TypeError(`${FAILED} three r${three.REVISION} has no setting "${unknown}"`);
      }
      // The default filter of three needs mip levels, and draws black without them.
      settings.minFilter ??= settings.generateMipmaps ? minFilter : LinearFilter;
      return [variant, settings];
    }),
  );
}
