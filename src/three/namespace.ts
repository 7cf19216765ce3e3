/**
 * The part of three.js that `threeLoaders` uses. `import * as THREE from "three"` has all of it, and so
 * has `three/webgpu`.
 *
 * @example
 * ```ts
 * import type { ThreeNamespace } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const three: ThreeNamespace = THREE;
 * assertEquals(three.NoColorSpace, "");
 * ```
 */
export interface ThreeNamespace {
  /** The revision of three.js, such as `"187"`. */
  readonly REVISION: string;
  /** The class of textures that show a bitmap. */
  readonly Texture: new () => ThreeTexture;
  /** The class of textures that show bytes. */
  readonly DataTexture: new (data?: Uint8Array, width?: number, height?: number) => ThreeTexture;
  /** The class of textures that show six pictures. */
  readonly CubeTexture: new () => ThreeTexture;
  /** The class of the parts of a model. */
  readonly Object3D: new () => object;
  /** The colour space of colours. */
  readonly SRGBColorSpace: string;
  /** The colour space of pictures that are not colours, such as normal maps. */
  readonly NoColorSpace: string;
  /** The filter of textures without mip levels, a constant of three. */
  readonly LinearFilter: number;
}

/**
 * The part of a three.js texture that the loaders use.
 *
 * @example
 * ```ts
 * import type { ThreeTexture } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const texture: ThreeTexture = new THREE.Texture();
 * assertEquals([texture.flipY, texture.generateMipmaps], [true, true]);
 * ```
 */
export interface ThreeTexture {
  /** Its name in tools, which the loaders set to its key. */
  name: string;
  /** The picture. */
  image: unknown;
  /** Holds the picture. Clones of a texture share it. */
  source: object;
  /** Whether the GPU makes the mip levels. */
  generateMipmaps: boolean;
  /** Whether the upload flips the picture vertically. Bitmaps are not flipped. */
  flipY: boolean;
  /** The colour space of the picture. */
  colorSpace: string;
  /** Frees the GPU memory. */
  dispose(): void;
  /** Returns another texture that shows the same picture. */
  clone(): ThreeTexture;
}

/** How the messages of errors begin. */
export const FAILED = "Cannot create threeLoaders:";

/** The classes that are used, and a constant that came with r152. */
const NEEDED = [
  "Texture",
  "DataTexture",
  "CubeTexture",
  "NoColorSpace",
] as const satisfies (keyof ThreeNamespace)[];

/** Throws if `three` is not the namespace of three.js, or is too old. */
export function assertThree(three: Partial<ThreeNamespace> | null | undefined): void {
  const missing = NEEDED.find((name) => three?.[name] === undefined);
  if (missing) {
    throw new TypeError(
      `${FAILED} it needs three.js r152 or later, with ${missing}`,
    );
  }
}
