import type { ImageDecoder } from "./image_decoder.ts";
import type { Pixels } from "./png.ts";

/** The decoders that keep none of their pixels, and the function that frees the pixels of each. */
const ours = new WeakMap<ImageDecoder, (pixels: ArrayBuffer) => void>();

/** Notes that `decoder` keeps none of its pixels, and that `free` frees them. Returns `decoder`. */
export function givesOwnPixels<T extends ImageDecoder>(
  decoder: T,
  free: (pixels: ArrayBuffer) => void,
): T {
  ours.set(decoder, free);
  return decoder;
}

/**
 * Frees pixels that are no longer needed, unless `decoder` may have kept them. The garbage collector
 * would free these megabytes late, and pause the game to find them.
 */
export function freePixels({ data }: Pixels, decoder: ImageDecoder | undefined): void {
  if (decoder === undefined) data.buffer.transfer(0);
  else ours.get(decoder)?.(data.buffer);
}
