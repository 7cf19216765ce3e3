/**
 * Decodes WAV files with {@linkcode wavLoader}, without any dependency. The [guide](../docs/sounds.md)
 * shows how to play sounds, and how to keep them in memory for as long as they play.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { wavLoader } from "@holdfast/resources/sound";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: "examples/assets", loaders: [wavLoader] });
 * using coin = mgr.load("common/coin.wav"); // a Handle<Sound>
 * const [left] = coin.value.channels;
 * assertEquals(left?.length, Math.round(coin.value.duration * coin.value.sampleRate));
 * ```
 *
 * @module
 */
export { decodeWav } from "./sound/decode_wav.ts";
export { Sound } from "./sound/sound.ts";
export { wavLoader } from "./sound/wav_loader.ts";
