import { type PngHeader, readPng } from "./png_chunks.ts";
import { unfilter } from "./png_filters.ts";
import { inflateRows } from "./png_rows.ts";
import { CHANNELS, type Expand, expandInto, unpack } from "./png_samples.ts";

/**
 * Decoded pixels, row by row from the top left: red, green, blue and opacity, a byte each.
 *
 * @example
 * ```ts
 * import type { Pixels } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const red: Pixels = { width: 1, height: 1, data: new Uint8Array([255, 0, 0, 255]) };
 * assertEquals(red.data.length, 4 * red.width * red.height);
 * ```
 */
export interface Pixels {
  /** The width in pixels. */
  readonly width: number;
  /** The height in pixels. */
  readonly height: number;
  /** Four bytes a pixel, not premultiplied. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A part of an image that is stored like an image: from `x`, `y` on, each `dx`th column and `dy`th row. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** The size of a pass. */
interface PassSize {
  readonly columns: number;
  readonly rows: number;
  /** Without the filter byte before each row. */
  readonly rowBytes: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/**
 * Decodes a PNG of any colour type and depth, interlaced or not. 16 bits are rounded to 8; gamma
 * and colour profiles are ignored. It inflates at most what the size in the header needs, so check
 * that size before.
 *
 * Only the inflater is from npm, because no decoder there is good enough: `fast-png` misreads
 * interlaced images below 8 bits, `pngjs` drops the transparent colour at 4 and 16 bits and does not
 * run in browsers, `upng-js` cuts 16 bits off instead of rounding them, `@jsquash/png` can't start
 * synchronously, and only `pngjs` bounds what it inflates, except for interlaced images.
 *
 * @throws {SyntaxError} `bytes` are not a valid PNG.
 */
export function decodePng(bytes: Uint8Array): Pixels {
  const file = readPng(bytes);
  const { width, height } = file.header;
  const passes = passesOf(file.header);
  const raw = inflateRows(file.data, passes.reduce((sum, pass) => sum + bytesOf(pass), 0));
  const data = new Uint8Array(width * height * 4);
  const expand = expandInto(data, file);
  let at = 0;
  for (const pass of passes) {
    spread(raw.subarray(at, at += bytesOf(pass)), pass, file.header, expand);
  }
  return { width, height, data };
}

/** The passes that have pixels. In a small image, not all of them do. */
function passesOf(header: PngHeader): (Pass & PassSize)[] {
  return (header.interlaced ? ADAM7 : WHOLE)
    .filter(({ x, y }) => x < header.width && y < header.height)
    .map((pass) => ({ ...pass, ...sizeOf(pass, header) }));
}

function sizeOf({ x, y, dx, dy }: Pass, header: PngHeader): PassSize {
  const columns = Math.ceil((header.width - x) / dx);
  const rows = Math.ceil((header.height - y) / dy);
  return { columns, rows, rowBytes: Math.ceil(columns * bitsPerPixel(header) / 8) };
}

function bytesOf({ rows, rowBytes }: PassSize): number {
  return rows * (rowBytes + 1);
}

function bitsPerPixel({ colorType, depth }: PngHeader): number {
  return CHANNELS[colorType]! * depth;
}

/** Writes the pixels of a pass to their places in the image. */
function spread(raw: Uint8Array, pass: Pass & PassSize, header: PngHeader, expand: Expand): void {
  const { x, y, dx, dy, columns, rows, rowBytes } = pass;
  unfilter(raw, rowBytes, Math.ceil(bitsPerPixel(header) / 8));
  const count = columns * CHANNELS[header.colorType]!;
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    const samples = unpack(raw.subarray(start, start + rowBytes), header.depth, count);
    expand(samples, ((y + row * dy) * header.width + x) * 4, dx * 4);
  }
}
