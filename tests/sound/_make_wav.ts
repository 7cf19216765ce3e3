/** What differs from a correct WAV file with one channel of 16 bits. */
export interface Header {
  tag?: number;
  channels?: number;
  sampleRate?: number;
  /** How many bytes one sample of all channels takes together. */
  frame?: number;
  bits?: number;
  fmtSize?: number;
  /** The first bytes of the identifier of an extensible format. */
  subformat?: readonly number[];
  /** The names of the chunks. */
  fmt?: string;
  data?: string;
  /** How many bytes the samples have, by the header of their chunk. */
  size?: number;
  samples?: readonly number[];
  /** How many bytes the file has after the first eight, by its header. */
  whole?: number;
  /** Other chunks, by name and size. */
  before?: readonly (readonly [name: string, size: number])[];
  after?: readonly (readonly [name: string, size: number])[];
}

/** Makes a WAV file, correct or broken. */
export function makeWav(header: Header): Uint8Array<ArrayBuffer> {
  const { bits = 16, channels = 1, samples = [8_192, -8_192, 16_384, 1] } = header;
  const { subformat, fmtSize = subformat ? 40 : 16 } = header;
  const { frame = channels * bits / 8, tag = 1, sampleRate = 44_100 } = header;
  const fmt = new DataView(new ArrayBuffer(40));
  fmt.setUint16(0, tag, true);
  fmt.setUint16(2, channels, true);
  fmt.setUint32(4, sampleRate, true);
  fmt.setUint32(8, sampleRate * frame, true);
  fmt.setUint16(12, frame, true);
  fmt.setUint16(14, bits, true);
  new Uint8Array(fmt.buffer).set(subformat ?? [], 24);
  const filler = (others: Header["before"] = []) =>
    others.flatMap(([name, size]) => chunk(name, new Uint8Array(size).fill(0x64)));
  const body = [
    ...filler(header.before),
    ...chunk(header.fmt ?? "fmt ", new Uint8Array(fmt.buffer, 0, fmtSize)),
    ...chunk(header.data ?? "data", new Uint8Array(Int16Array.from(samples).buffer), header.size),
    ...filler(header.after),
  ];
  return Uint8Array.from([
    ...letters("RIFF"),
    ...number(header.whole ?? body.length + 4),
    ...letters("WAVE"),
    ...body,
  ]);
}

function chunk(name: string, bytes: Uint8Array, size = bytes.length): number[] {
  return [...letters(name), ...number(size), ...bytes, ...bytes.length % 2 ? [0] : []];
}

function letters(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}

/** Four bytes, the lowest first. */
function number(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => value >>> shift & 0xff);
}
