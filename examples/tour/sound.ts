import type { Loader } from "@holdfast/resources";

/** A decoded sound: one channel of 16-bit samples. */
export class Sound {
  /** The samples a second. */
  readonly rate: number;
  readonly samples: Int16Array;

  constructor(rate: number, samples: Int16Array) {
    this.rate = rate;
    this.samples = samples;
  }

  get byteLength(): number {
    return this.samples.byteLength;
  }

  get seconds(): number {
    return this.samples.length / this.rate;
  }
}

/** Loads `.wav`. The size of a sound is that of its samples. */
export const soundLoader: Loader<Sound> = {
  name: "sound",
  extensions: [".wav"],
  load(bytes) {
    const chunks = chunksOf(bytes);
    const [format, data] = [chunks.get("fmt "), chunks.get("data")];
    if (format === undefined || data === undefined) throw new TypeError("it is not a WAV file");
    const kind = [format.getUint16(0, true), format.getUint16(2, true), format.getUint16(14, true)];
    if (String(kind) !== "1,1,16") throw new TypeError("use one channel of 16-bit PCM samples");
    const samples = new Int16Array(data.byteLength / 2);
    samples.forEach((_, index) => samples[index] = data.getInt16(index * 2, true));
    return new Sound(format.getUint32(4, true), samples);
  },
  byteLength: (sound) => sound.byteLength,
};

/** The chunks of a RIFF file, by name. */
function chunksOf(bytes: Uint8Array<ArrayBuffer>): Map<string, DataView> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const nameAt = (start: number) => String.fromCharCode(...bytes.subarray(start, start + 4));
  const chunks = new Map<string, DataView>();
  if (nameAt(0) !== "RIFF" || nameAt(8) !== "WAVE") return chunks;
  for (let start = 12; start + 8 <= bytes.length;) {
    const size = view.getUint32(start + 4, true);
    chunks.set(nameAt(start), new DataView(bytes.buffer, bytes.byteOffset + start + 8, size));
    start += 8 + size + size % 2;
  }
  return chunks;
}

/** Encodes a sound as a `.wav` file. */
export function encodeSound({ rate, samples }: Sound): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samples.byteLength);
  const view = new DataView(bytes.buffer);
  const write = (start: number, name: string) => bytes.set(new TextEncoder().encode(name), start);
  write(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, samples.byteLength, true);
  samples.forEach((sample, index) => view.setInt16(44 + index * 2, sample, true));
  return bytes;
}
