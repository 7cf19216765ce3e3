import type { ImageDecoder } from "./image_decoder.ts";
import type { Pixels } from "./png.ts";

/** The decoders whose pixels nobody else has. */
const ours = new WeakSet<ImageDecoder>();

/** Notes that `decoder` gives each caller pixels of its own. Returns it. */
export function givesOwnPixels<T extends ImageDecoder>(decoder: T): T {
  ours.add(decoder);
  return decoder;
}

/**
 * Frees pixels that are not needed any more, unless `decoder` may have kept them. A garbage collector
 * would find these megabytes late, and stop the game to look for them.
 */
export function freePixels({ data }: Pixels, decoder: ImageDecoder | undefined): void {
  if (decoder === undefined || ours.has(decoder)) data.buffer.transfer(0);
}
