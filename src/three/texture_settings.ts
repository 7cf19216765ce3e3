import { FAILED, type ThreeNamespace } from "./namespace.ts";

/**
 * How textures are set up: properties of three's own `Texture`, with its constants.
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
   * Which colours the picture has: `THREE.NoColorSpace` for what is not a colour, as a normal map.
   *
   * @default {THREE.SRGBColorSpace}
   */
  colorSpace?: string;
  /**
   * Whether the picture is turned upside down, as three's `TextureLoader` does. Geometries of three want
   * it, those of a glTF do not.
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
   * What is left and right of it, a constant of three such as `THREE.RepeatWrapping`.
   *
   * @default {THREE.ClampToEdgeWrapping}
   */
  wrapS?: number;
  /**
   * What is above and below it, a constant of three.
   *
   * @default {THREE.ClampToEdgeWrapping}
   */
  wrapT?: number;
  /**
   * How many samples are taken of what is seen at a slant.
   *
   * @default {1}
   */
  anisotropy?: number;
}

/** The variant that models and cube maps take: the picture from its top, in no colour space. */
export const SOURCE = "source";

/** The settings of a texture that its making needs. */
export type Settings = TextureSettings & { readonly flipY: boolean };

/**
 * The settings of each variant, by its name; `""` is for what has none.
 *
 * @throws {TypeError} Something is not a setting, or a variant has the name of the one that is taken.
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
  if (SOURCE in variants) throw new TypeError(`${FAILED} the variant "${SOURCE}" is taken`);
  const source = { colorSpace, flipY: false, generateMipmaps: true };
  const all = { "": {}, data: { colorSpace }, ...variants, [SOURCE]: source };
  return new Map(
    Object.entries(all).map(([variant, own]) => {
      const settings = { ...inAll, ...own };
      const unknown = Object.keys(settings).find((name) => !(name in defaults));
      if (unknown) {
        throw new TypeError(`${FAILED} three r${three.REVISION} has no setting "${unknown}"`);
      }
      // The filter that three has set needs mip levels, and draws black without them.
      settings.minFilter ??= settings.generateMipmaps ? minFilter : LinearFilter;
      return [variant, settings];
    }),
  );
}
