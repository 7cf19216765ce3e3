import { Sound } from "./sound.ts";
import { formatOf, type WavFormat } from "./wav_format.ts";

/** A chunk of a file. If the file is cut off, `data` has only the bytes that exist. */
interface Chunk {
  readonly name: string;
  readonly data: DataView;
  /** How many bytes it should have, if the file says that. */
  readonly size: number | undefined;
}

/** How files of other kinds begin that are often named `.wav`. */
const OTHERS: readonly (readonly [begins: RegExp, kind: string])[] = [
  [/^OggS/, "an Ogg file"],
  [/^fLaC/, "a FLAC file"],
  [/^ID3|^\xff[\xe2-\xff]/, "an MP3 file"],
  [/^FORM.{4}AIF/s, "an AIFF file"],
  [/^RF64|^BW64|^riff/, "a WAV file for more than 4 GB"],
  [/^RIFX/, "a big-endian WAV file"],
];
/**
 * Programs that write to a pipe do not know the size in advance. SoX writes this instead, ffmpeg
 * 0xffffffff, and others a number between them.
 */
const UNKNOWN_SIZE = 0x7fff_f000;

/**
 * Decodes a WAV file: PCM samples of 8, 16, 24 or 32 bits, or float samples of 32 or 64 bits, with up to
 * 1 024 channels. Samples become 32-bit floats, so those of more than 24 bits lose precision. Allocates
 * 4 bytes for each sample that exists, whatever size the file says that it has. O(samples).
 *
 * @throws {TypeError} The bytes are not a WAV file, or the samples have a format that is not supported.
 * @throws {SyntaxError} The file is cut off or damaged.
 *
 * @example
 * ```ts
 * import { decodeWav } from "@holdfast/resources/sound";
 * import { assertEquals } from "@std/assert";
 *
 * const coin = decodeWav(await Deno.readFile("examples/assets/common/coin.wav"));
 * assertEquals([coin.sampleRate, coin.channels.length], [8_000, 1]);
 * ```
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assertWav(bytes);
  let format: WavFormat | undefined;
  for (const { name, data, size } of chunksOf(view)) {
    if (name === "fmt ") format ??= formatOf(data);
    if (name !== "data") continue;
    if (format === undefined) throw new SyntaxError('it is damaged: it has no "fmt " chunk');
    return new Sound(format.sampleRate, samplesOf(data, size, format));
  }
  throw new SyntaxError('it is cut off or damaged: it has no "data" chunk');
}

/** Throws if a file is not a WAV file. */
function assertWav(bytes: Uint8Array): void {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (/^RIFF.{4}WAVE$/s.test(start)) return;
  const [, kind] = OTHERS.find(([begins]) => begins.test(start)) ?? [];
  const isShort = kind === undefined && start.length < 12;
  if (isShort) throw new SyntaxError(`it is cut off: it has ${start.length} bytes`);
  throw new TypeError(
    kind === undefined
      ? "it is not a WAV file"
      : `it is ${kind}: save it as a plain WAV file, or register a loader that decodes it`,
  );
}

/** The chunks of a file, in order. O(chunks). */
function* chunksOf(view: DataView): Iterable<Chunk> {
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    const start = at + 8;
    const size = name === "data" ? sizeOfSamples(view, start) : view.getUint32(start - 4, true);
    const length = Math.min(size ?? Infinity, view.byteLength - start);
    yield { name, size, data: new DataView(view.buffer, view.byteOffset + start, length) };
    at = start + (size ?? length);
    at += at % 2;
  }
}

/** How many bytes the samples at `start` should have, if the program that wrote them knew it. */
function sizeOfSamples(view: DataView, start: number): number | undefined {
  const size = view.getUint32(start - 4, true);
  // A recorder writes 0 at first, and replaces it and the size of the file when it is stopped.
  const end = view.getUint32(4, true) + 8;
  const isUnknown = size === 0
    ? end <= start
    : size >= UNKNOWN_SIZE && start + size > view.byteLength;
  return isUnknown ? undefined : size;
}

/** The samples of each channel. */
function samplesOf(
  data: DataView,
  size: number | undefined,
  format: WavFormat,
): Float32Array<ArrayBuffer>[] {
  const there = data.byteLength;
  if (size !== undefined && size > there) {
    throw new SyntaxError(`it is cut off: it has ${there} of ${size} bytes of samples`);
  }
  const { channels, bits } = format;
  const frame = channels * bits / 8;
  if (size !== undefined && size % frame > 0) {
    throw new SyntaxError(`it is damaged: ${size} bytes of samples are not a multiple of ${frame}`);
  }
  const length = Math.floor(there / frame);
  const read = readerOf(data, format);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(length);
    let at = channel * bits / 8;
    for (let i = 0; i < length; i++, at += frame) samples[i] = read(at);
    return samples;
  });
}

/** Returns a function that reads the sample at an offset. */
function readerOf(data: DataView, { kind, bits }: WavFormat): (at: number) => number {
  if (kind === "float") {
    return bits === 32 ? (at) => data.getFloat32(at, true) : (at) => data.getFloat64(at, true);
  }
  if (bits === 8) return (at) => (data.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => data.getInt16(at, true) / 32_768;
  if (bits === 32) return (at) => data.getInt32(at, true) / 2_147_483_648;
  return (at) => (data.getUint16(at, true) + data.getInt8(at + 2) * 65_536) / 8_388_608;
}
