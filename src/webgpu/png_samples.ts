import type { PngFile } from "./png_chunks.ts";

/** How many samples a pixel has, by colour type. */
export const CHANNELS: readonly number[] = [1, 0, 3, 1, 2, 0, 4];
/** A colour that no pixel has. */
const NO_COLOR: readonly number[] = [-1, -1, -1];

/** A row's samples, one after the other. */
type Samples = Uint8Array | Uint16Array;

/** Writes a row's pixels, of four bytes each, from the byte `at` on and `step` bytes apart. */
export type Expand = (samples: Samples, at: number, step: number) => void;

/** Takes `count` samples of `depth` bits each out of a row. */
export function unpack(row: Uint8Array, depth: number, count: number): Samples {
  if (depth === 8) return row;
  const samples = new Uint16Array(count);
  if (depth === 16) {
    for (let i = 0; i < count; i++) samples[i] = row[2 * i]! << 8 | row[2 * i + 1]!;
  } else {
    const mask = (1 << depth) - 1;
    for (let i = 0, bit = 0; i < count; i++, bit += depth) {
      samples[i] = row[bit >> 3]! >> (8 - depth - (bit & 7)) & mask;
    }
  }
  return samples;
}

/** Returns what turns the samples of `file` into pixels of `data`: red, green, blue and opacity. */
export function expandInto(data: Uint8Array, file: PngFile): Expand {
  switch (file.header.colorType) {
    case 0:
      return lookUp(data, greys(file));
    case 3:
      return lookUp(data, colors(file));
    default:
      return convert(data, file);
  }
}

/** The byte of each possible sample. */
function bytesOf(depth: number): Uint8Array {
  const bytes = new Uint8Array(2 ** depth);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(i * 255 / (bytes.length - 1));
  return bytes;
}

/** Every grey as a pixel. One of them may be transparent. */
function greys({ header, transparency }: PngFile): Uint8Array {
  const bytes = bytesOf(header.depth);
  const table = new Uint8Array(bytes.length * 4).fill(255);
  for (let i = 0; i < bytes.length; i++) table.fill(bytes[i]!, i * 4, i * 4 + 3);
  if (transparency) table[(transparency[0]! << 8 | transparency[1]!) * 4 + 3] = 0;
  return table;
}

/** Every colour of the palette as a pixel. Colours that it does not have are black. */
function colors({ palette, transparency }: PngFile): Uint8Array {
  const table = new Uint8Array(4 * 256);
  for (let color = 0; color < 256; color++) {
    table.set(palette.subarray(color * 3, color * 3 + 3), color * 4);
    table[color * 4 + 3] = transparency?.[color] ?? 255;
  }
  return table;
}

function lookUp(data: Uint8Array, table: Uint8Array): Expand {
  return (samples, at, step) => {
    for (let i = 0, to = at; i < samples.length; i++, to += step) {
      const from = samples[i]! * 4;
      data[to] = table[from]!;
      data[to + 1] = table[from + 1]!;
      data[to + 2] = table[from + 2]!;
      data[to + 3] = table[from + 3]!;
    }
  };
}

/** For pixels of several samples. Without a sample for opacity, one colour may be transparent. */
function convert(data: Uint8Array, { header, transparency }: PngFile): Expand {
  const { depth, colorType } = header;
  const bytes = bytesOf(depth);
  const channels = CHANNELS[colorType]!;
  const [green, blue] = colorType & 2 ? [1, 2] : [0, 0];
  const opacity = colorType & 4 ? channels - 1 : undefined;
  const [r, g, b] = opacity === undefined && transparency ? colorOf(transparency) : NO_COLOR;
  const same = depth === 8 && channels === 4;
  return (samples, at, step) => {
    if (same && step === 4) return data.set(samples, at); // most sprites are like this
    for (let i = 0, to = at; i < samples.length; i += channels, to += step) {
      const red = samples[i]!;
      data[to] = bytes[red]!;
      data[to + 1] = bytes[samples[i + green]!]!;
      data[to + 2] = bytes[samples[i + blue]!]!;
      const clear = red === r && samples[i + green] === g && samples[i + blue] === b;
      data[to + 3] = opacity === undefined ? (clear ? 0 : 255) : bytes[samples[i + opacity]!]!;
    }
  };
}

/** Three samples of two bytes each, at any depth. */
function colorOf(bytes: Uint8Array): number[] {
  return [0, 2, 4].map((at) => bytes[at]! << 8 | bytes[at + 1]!);
}
