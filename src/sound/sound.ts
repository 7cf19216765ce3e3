/** A 32-bit float. */
const BYTES_PER_SAMPLE = 4;

/**
 * A decoded sound: the samples of each channel, from -1 to 1. `wavLoader` makes it. It is plain
 * JavaScript memory, so you need not free it. You have to free what you create from it in an audio
 * library.
 *
 * @example
 * ```ts
 * import { Sound } from "@holdfast/resources/sound";
 * import { assertEquals } from "@std/assert";
 *
 * const beep = Float32Array.from({ length: 4_410 }, (_, i) => Math.sin(i / 8)); // 0.1 seconds
 * const { duration, length, byteLength } = new Sound(44_100, [beep, beep]);
 * assertEquals([duration, length, byteLength], [0.1, 4_410, 2 * 4 * 4_410]);
 * ```
 */
export class Sound {
  /** How many samples of each channel are played per second. */
  readonly sampleRate: number;
  /** The samples of each channel: one for mono; left and right for stereo. All have the same length. */
  readonly channels: readonly Float32Array<ArrayBuffer>[];

  /** How many samples each channel has. */
  readonly length: number;
  /** How long the sound is, in seconds. */
  readonly duration: number;
  /** The size of all samples in bytes. */
  readonly byteLength: number;

  /** Creates a sound from samples, which it keeps and does not copy. O(1). */
  constructor(sampleRate: number, channels: readonly Float32Array<ArrayBuffer>[]) {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.length = channels[0]?.length ?? 0;
    this.duration = this.length / sampleRate;
    this.byteLength = this.length * channels.length * BYTES_PER_SAMPLE;
  }

  /**
   * Returns a copy of the samples in the order that OpenAL and SDL expect: left, right, left, right.
   * O(samples).
   *
   * @example
   * ```ts
   * import { Sound } from "@holdfast/resources/sound";
   * import { assertEquals } from "@std/assert";
   *
   * const stereo = new Sound(8_000, [Float32Array.of(1, 0.5), Float32Array.of(-1, 0)]);
   * assertEquals(stereo.interleaved(), Float32Array.of(1, -1, 0.5, 0));
   * ```
   */
  interleaved(): Float32Array<ArrayBuffer> {
    const { channels, length } = this;
    const all = new Float32Array(length * channels.length);
    for (const [channel, samples] of channels.entries()) {
      for (let i = 0; i < length; i++) all[i * channels.length + channel] = samples[i]!;
    }
    return all;
  }
}
