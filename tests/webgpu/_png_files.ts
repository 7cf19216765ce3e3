/** Makes PNG files of every kind, by the standard and not by the library's own code. */
import { crc32, deflateSync } from "node:zlib";

/** The contents of a PNG file to make. */
export interface PngPlan {
  readonly width: number;
  readonly height: number;
  readonly colorType: number;
  readonly depth: number;
  readonly interlaced?: boolean;
  /** Three bytes a colour. */
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  /** The filter of each row; by default all filters in turn. */
  readonly filters?: readonly number[];
  /** The sample of channel `c` of the pixel at `x`, `y`. */
  sample(x: number, y: number, c: number): number;
}

type Chunk = readonly [type: string, body: ArrayLike<number>];

export const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** For each pass of an interlaced image: the first column and row, and the steps to the next ones. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A whole file. */
export function makePng(plan: PngPlan): Uint8Array<ArrayBuffer> {
  return joinPng([
    ["IHDR", headerOf(plan)],
    ...(plan.palette ? [["PLTE", plan.palette] as const] : []),
    ...(plan.transparency ? [["tRNS", plan.transparency] as const] : []),
    ["IDAT", deflateSync(rowsOf(plan))],
    ["IEND", []],
  ]);
}

/** A file of red, green, blue and opacity at 8 bits. */
export function makeRgba(
  width: number,
  height: number,
  data: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const sample = (x: number, y: number, c: number) => data[(y * width + x) * 4 + c]!;
  return makePng({ width, height, colorType: 6, depth: 8, sample });
}

/** The thirteen bytes of an `IHDR` chunk. */
export function headerOf(plan: Omit<PngPlan, "sample">): number[] {
  const { width, height, depth, colorType, interlaced } = plan;
  return [...word(width), ...word(height), depth, colorType, 0, 0, interlaced ? 1 : 0];
}

/** A file of these chunks, which may be wrong. */
export function joinPng(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...SIGNATURE,
    ...chunks.flatMap(([type, body]) => {
      const bytes = [...new TextEncoder().encode(type), ...Array.from(body)];
      return [...word(body.length), ...bytes, ...word(crc32(new Uint8Array(bytes)))];
    }),
  ]);
}

/** The filtered rows of all passes. */
export function rowsOf(plan: PngPlan): Uint8Array {
  const passes = plan.interlaced ? PASSES : [[0, 0, 1, 1] as const];
  return new Uint8Array(passes.flatMap((pass) => filterAll(packPass(plan, pass), plan)));
}

function word(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255];
}

/** The rows of one pass: none if it has no pixels. */
function packPass(plan: PngPlan, [left, top, dx, dy]: readonly number[]): number[][] {
  const rows: number[][] = [];
  for (let y = top!; y < plan.height; y += dy!) {
    const samples: number[] = [];
    for (let x = left!; x < plan.width; x += dx!) {
      for (let c = 0; c < CHANNELS[plan.colorType]!; c++) samples.push(plan.sample(x, y, c));
    }
    if (samples.length > 0) rows.push(pack(samples, plan.depth));
  }
  return rows;
}

/** Joins the bits of all samples, and fills them up to whole bytes. */
function pack(samples: readonly number[], depth: number): number[] {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
  return bits.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, "0"), 2));
}

function filterAll(rows: readonly number[][], plan: PngPlan): number[] {
  const { filters = [0, 1, 2, 3, 4] } = plan;
  const reach = Math.max(1, plan.depth * CHANNELS[plan.colorType]! / 8);
  return rows.flatMap((row, y) => {
    const filter = filters[y % filters.length]!;
    return [filter, ...row.map((byte, i) => byte - predict(filter, rows, y, i, reach) & 255)];
  });
}

/** The value that a filter predicts for a byte, by the table of the standard. */
function predict(
  ...[filter, rows, y, i, reach]: [number, readonly number[][], number, number, number]
): number {
  const a = rows[y]![i - reach] ?? 0;
  const b = rows[y - 1]?.[i] ?? 0;
  const c = rows[y - 1]?.[i - reach] ?? 0;
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  return [0, a, b, Math.floor((a + b) / 2), paeth][filter]!;
}
