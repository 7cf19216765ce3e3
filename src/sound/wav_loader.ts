import type { Loader } from "../contract/loader.ts";
import { decodeWav } from "./decode_wav.ts";
import type { Sound } from "./sound.ts";

/**
 * Decodes `.wav` files to a {@linkcode Sound}, in the formats that {@linkcode decodeWav} lists. The size is
 * that of the samples, 4 bytes each: twice that of a file with 16 bits. Costs O(samples).
 *
 * @throws {TypeError} The bytes are not a WAV file, or the samples have a format that is not supported.
 * @throws {SyntaxError} The file is cut off or damaged.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { wavLoader } from "@holdfast/resources/sound";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: "examples/assets", loaders: [wavLoader] });
 * using coin = mgr.load("common/coin.wav"); // a Handle<Sound>
 * assertEquals([coin.value.sampleRate, mgr.bytes], [8_000, coin.value.byteLength]);
 * ```
 */
export const wavLoader: Loader<Sound, ".wav"> = {
  name: "wav",
  extensions: [".wav"],
  load: (bytes) => decodeWav(bytes),
  byteLength: (sound) => sound.byteLength,
};
