import type { Pixels } from "./png.ts";

/**
 * Describes the load that an {@linkcode ImageDecoder} decodes for.
 *
 * @example
 * ```ts
 * import type { ImageRequest } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const request: ImageRequest = { key: "hero.png", signal: new AbortController().signal };
 * assertEquals(request.signal.aborted, false);
 * ```
 */
export interface ImageRequest {
  /** The key that is being loaded. */
  readonly key: string;
  /** Aborts when nobody waits for the texture any more. */
  readonly signal: AbortSignal;
}

/**
 * Decodes images for `textureLoader`, which has checked their headers before: each is of a known kind,
 * and fits `maxBytes` and the device.
 *
 * @example A decoder that notes the keys
 * ```ts
 * import { decodeImage, type ImageDecoder } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const keys: string[] = [];
 * const decoder: ImageDecoder = {
 *   decode(bytes, { key }) {
 *     keys.push(key);
 *     return decodeImage(bytes);
 *   },
 * };
 * const { signal } = new AbortController();
 * const bytes = await Deno.readFile("examples/assets/common/coin.png");
 * const { width, data } = await decoder.decode(bytes, { key: "coin.png", signal });
 * assertEquals([width, data.length, keys], [32, 4096, ["coin.png"]]);
 * ```
 */
export interface ImageDecoder {
  /** Decodes `bytes`, which it may keep or transfer. */
  decode(bytes: Uint8Array<ArrayBuffer>, request: ImageRequest): Promise<Pixels>;
}
