import type { AsyncLoadContext } from "../contract/loader.ts";
import { assertDecodable, decodeBitmap } from "../loaders/image.ts";

/**
 * Decoded pixels, row by row from the top left: red, green, blue and opacity, a byte each. Colours are
 * not multiplied by the opacity.
 *
 * @example
 * ```ts
 * import type { DecodedPixels } from "@holdfast/resources/three";
 * import { assertEquals } from "@std/assert";
 *
 * const red: DecodedPixels = { width: 1, height: 1, data: Uint8Array.of(255, 0, 0, 255) };
 * assertEquals(red.data.length, red.width * red.height * 4);
 * ```
 */
export interface DecodedPixels {
  /** The width in pixels. */
  readonly width: number;
  /** The height in pixels. */
  readonly height: number;
  /** Four bytes a pixel. */
  readonly data: Uint8Array;
}

/**
 * Decodes pictures in place of the browser: `imageWorkers()` of `@holdfast/resources/webgpu`, or one of
 * your own.
 *
 * @example PNG without `createImageBitmap`, as in Node
 * ```ts
 * import { type PictureDecoder, threeLoaders } from "@holdfast/resources/three";
 * import { decodeImage } from "@holdfast/resources/webgpu";
 * import { ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 * // @ts-types="@types/three"
 * import * as THREE from "three";
 *
 * const decoder: PictureDecoder = { decode: decodeImage };
 * using mgr = new ResourceManager({
 *   source: "examples/assets",
 *   loaders: threeLoaders(THREE, { decoder }),
 * });
 * using coin = await mgr.loadAsync("common/coin.png");
 * assertEquals(coin.value instanceof THREE.DataTexture, true);
 * ```
 */
export interface PictureDecoder {
  /** Decodes `bytes`, which it may keep or transfer. */
  decode(
    bytes: Uint8Array<ArrayBuffer>,
    request: { readonly key: string; readonly signal: AbortSignal },
  ): Promise<DecodedPixels>;
}

/** In pixels. */
type Size = Pick<DecodedPixels, "width" | "height">;

/** A decoded picture. */
export type Picture = ImageBitmap | DecodedPixels;

/** What decodes pictures, and which variants have their lowest row first. */
export interface PictureParts {
  readonly decoder: PictureDecoder | undefined;
  readonly settings: ReadonlyMap<string, { readonly flipY: boolean }>;
  readonly variant?: string;
}

/** Checks the headers of a picture, and decodes it. Colours and opacity stay as they are in the file. */
export async function decodePicture(
  bytes: Uint8Array<ArrayBuffer>,
  context: AsyncLoadContext,
  { decoder, settings, variant = context.variant }: PictureParts,
): Promise<Picture> {
  if (decoder) {
    assertDecodable(bytes);
    return await decoder.decode(bytes, context);
  }
  return await decodeBitmap(bytes, {
    // WebGL does not turn bitmaps.
    imageOrientation: settings.get(variant)!.flipY ? "flipY" : "from-image",
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
}

/** Frees the memory of a picture, if it is a bitmap. */
export function closePicture(picture: Picture): void {
  (picture as Partial<ImageBitmap>).close?.();
}

/** The bytes of a texture on the GPU, with its mip levels: each is half as wide and high. */
export function textureBytes({ width, height }: Size, mipmaps: boolean): number {
  const bytes = width * height * 4;
  if (!mipmaps || bytes === 4) return bytes;
  return bytes +
    textureBytes({ width: Math.max(width >> 1, 1), height: Math.max(height >> 1, 1) }, true);
}
