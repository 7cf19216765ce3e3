/**
 * What `threeLoaders` takes of three.js. `import * as THREE from "three"` has all of it, and so has
 * `three/webgpu`.
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
  /** Which three.js it is, such as `"187"`. */
  readonly REVISION: string;
  /** Pictures that were decoded to a bitmap become these. */
  readonly Texture: new () => ThreeTexture;
  /** Pictures that were decoded to bytes become these. */
  readonly DataTexture: new (data?: Uint8Array, width?: number, height?: number) => ThreeTexture;
  /** Six pictures become one of these. */
  readonly CubeTexture: new () => ThreeTexture;
  /** What the parts of a model are. */
  readonly Object3D: new () => object;
  /** The colour space of colours. */
  readonly SRGBColorSpace: string;
  /** The colour space of what is not a colour. */
  readonly NoColorSpace: string;
  /** The filter of textures without mip levels, a constant of three. */
  readonly LinearFilter: number;
}

/**
 * What a texture of three.js has, of which the loaders make use.
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
  /** What it is called in tools: its key. */
  name: string;
  /** The picture. */
  image: unknown;
  /** Holds the picture. Clones of a texture share it. */
  source: object;
  /** Whether the GPU makes the mip levels. */
  generateMipmaps: boolean;
  /** Whether the upload turns the picture upside down. It does not turn bitmaps. */
  flipY: boolean;
  /** Which colours the picture has. */
  colorSpace: string;
  /** Gives the GPU memory back. */
  dispose(): void;
  /** Another texture that shows the same picture. */
  clone(): ThreeTexture;
}

/** What an error begins with. */
export const FAILED = "Cannot create threeLoaders:";

/** The classes that are used, and what r152 has brought. */
const NEEDED = [
  "Texture",
  "DataTexture",
  "CubeTexture",
  "NoColorSpace",
] as const satisfies (keyof ThreeNamespace)[];

/** Throws if `three` is not the namespace of three.js, or of one that is too old. */
export function assertThree(three: Partial<ThreeNamespace> | null | undefined): void {
  const missing = NEEDED.find((name) => three?.[name] === undefined);
  if (missing) {
    throw new TypeError(
      `${FAILED} three r${three?.REVISION} has no ${missing}, use r152 or later`,
    );
  }
}
