import type { ImageDecoder } from "./image_decoder.ts";
import type { Pixels } from "./png.ts";

/** The decoders whose pixels nobody else has, and how each frees them. */
const ours = new WeakMap<ImageDecoder, (pixels: ArrayBuffer) => void>();

/** Notes that `decoder` gives each caller pixels of its own, which `free` frees. Returns it. */
export function givesOwnPixels<T extends ImageDecoder>(
  decoder: T,
  free: (pixels: ArrayBuffer) => void,
): T {
  ours.set(decoder, free);
  return decoder;
}

/**
 * Frees pixels that are not needed any more, unless `decoder` may have kept them. A garbage collector
 * would find these megabytes late, and stop the game to look for them.
 */
export function freePixels({ data }: Pixels, decoder: ImageDecoder | undefined): void {
  if (decoder === undefined) data.buffer.transfer(0);
  else ours.get(decoder)?.(data.buffer);
}
