/** Image files with false headers, and damaged ones. Made by hand, for any size. */
import { BMP, GIF, makeGreyJpeg, WEBP } from "./webgpu/_images.ts";
import { headerOf, joinPng, makeRgba } from "./webgpu/_png_files.ts";

/** Letters, numbers of one byte, and parts made of them. */
type Part = string | number | ArrayLike<number>;

/** Parts as one file, filled up with zeros to `length`. */
export function fileOf(length: number, ...parts: Part[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.flatMap((part) => {
    if (typeof part === "string") return [...new TextEncoder().encode(part)];
    return typeof part === "number" ? [part] : Array.from(part);
  });
  return Uint8Array.from({ length: Math.max(length, bytes.length) }, (_, i) => bytes[i] ?? 0);
}

/** A number in `bytes` bytes, little-endian. */
export function little(bytes: number, value: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** A number in `bytes` bytes, big-endian. */
export function big(bytes: number, value: number): number[] {
  return little(bytes, value).reverse();
}

/** Where a picture of an animation is, and its size. */
export type Frame = readonly [x: number, y: number, width: number, height: number];

/** A GIF whose pictures have the data of one pixel, whatever size they claim. */
export function makeGif(
  [width, height]: readonly [number, number],
  ...frames: readonly Frame[]
): Uint8Array<ArrayBuffer> {
  const pictures = frames.flatMap((frame) => [
    ...[0x21, 0xf9, 4, 0, 0, 0, 0, 0], // how long it is shown
    ...[0x2c, ...frame.flatMap((n) => little(2, n)), 0],
    ...[2, 2, 0x44, 0x01, 0],
  ]);
  const colors = [255, 0, 0, 0, 0, 0];
  const head = [...little(2, width), ...little(2, height), 0x80, 0, 0];
  return fileOf(0, "GIF89a", head, colors, pictures, 0x3b);
}

/** An animated PNG of 1 × 1 whose frames claim these places and sizes. */
export function makeApng(...frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const whole = { width: 1, height: 1, colorType: 6, depth: 8 };
  const plain = makeRgba(1, 1, [1, 2, 3, 4]);
  const data = plain.subarray(8 + 25 + 8, -12 - 4);
  const controls = frames.map(([x, y, width, height], i) =>
    ["fcTL", [i, width, height, x, y].flatMap((n) => big(4, n)).concat(0, 1, 0, 1, 0, 0)] as const
  );
  return joinPng([
    ["IHDR", headerOf(whole)],
    ["acTL", [...big(4, frames.length), ...big(4, 0)]],
    ["IDAT", data],
    ...controls,
    ["IEND", []],
  ]);
}

/** A chunk of a WebP. */
export function riffChunk(tag: string, ...body: Part[]): Uint8Array {
  const bytes = fileOf(0, ...body);
  return fileOf(0, tag, little(4, bytes.length), bytes, bytes.length % 2 ? 0 : "");
}

/** A WebP of these chunks. */
export function makeWebP(...chunks: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  return fileOf(0, "RIFF", little(4, chunks.reduce((sum, { length }) => sum + length, 4)), [
    ...fileOf(0, "WEBP", ...chunks),
  ]);
}

/** A lossless picture that claims this size, with the data of a single colour. */
export function vp8l(width: number, height: number): Uint8Array {
  const size = (height - 1) * 2 ** 14 + (width - 1);
  return riffChunk("VP8L", 0x2f, little(4, size), [7, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 7]);
}

/** A lossy picture that claims this size, and has no data. */
export function vp8(width: number, height: number): Uint8Array {
  return riffChunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a], little(2, width), little(2, height));
}

/** The chunk that makes a WebP an extended one. */
export function vp8x(width: number, height: number, flags = 0): Uint8Array {
  return riffChunk("VP8X", [flags, 0, 0, 0], little(3, width - 1), little(3, height - 1));
}

/** A picture of an animated WebP, made of these chunks. */
export function anmf([x, y, width, height]: Frame, ...chunks: ArrayLike<number>[]): Uint8Array {
  const place = [x / 2, y / 2, width - 1, height - 1].flatMap((n) => little(3, n));
  return riffChunk("ANMF", place, [1, 0, 0, 0], ...chunks);
}

/** The chunk that an animated WebP must have. */
export const ANIM: Uint8Array = riffChunk("ANIM", [0, 0, 0, 0, 0, 0]);

/** A BMP that claims this size, in a header of 40 bytes. */
export function makeBmp(width: number, height: number): Uint8Array<ArrayBuffer> {
  const sizes = [width, height].flatMap((n) => little(4, n < 0 ? n + 2 ** 32 : n));
  return fileOf(62, "BM", little(8, 62), little(4, 54), little(4, 40), sizes, [1, 0, 24, 0]);
}

/** A segment of a JPEG that claims a size: `mark` is the second byte, such as `C0`. */
export function sof(width: number, height: number, mark = 0xc0): number[] {
  return [0xff, mark, 0, 17, 8, ...big(2, height), ...big(2, width), 3, ...Array(9).fill(1)];
}

/** The beginning of a JPEG with these segments, up to its first scan. */
export function makeJpeg(...segments: Part[]): Uint8Array<ArrayBuffer> {
  return fileOf(0, [0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9], ...segments, [0xff, 0xda, 0, 2]);
}

/** Good images of every kind, by name. */
export async function goodImages(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const still = vp8l(3, 2);
  return {
    png: makeRgba(3, 2, Array.from({ length: 24 }, (_, i) => i * 9)),
    apng: makeApng([0, 0, 1, 1]),
    jpeg: await makeGreyJpeg(9, 5, 120),
    gif: GIF.bytes,
    "two pictures": makeGif([1, 1], [0, 0, 1, 1], [0, 0, 1, 1]),
    webp: WEBP.bytes,
    "extended webp": makeWebP(vp8x(3, 2), still),
    "animated webp": makeWebP(vp8x(3, 2, 2), ANIM, anmf([0, 0, 3, 2], still)),
    bmp: BMP.bytes,
  };
}

const NUMBERS = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0xffffffff];

/** A file with one to four changes: other bytes, other numbers, parts removed, parts doubled. */
export function damage(
  bytes: Uint8Array,
  random: (below: number) => number,
): Uint8Array<ArrayBuffer> {
  let file = [...bytes];
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(file.length + 1);
    const number = NUMBERS[random(NUMBERS.length)]!;
    const size = 1 + random(4);
    const part = file.slice(at, at + random(16));
    const changes = [
      () => file.splice(at, 1, random(256)),
      () => file.splice(at, size, ...little(size, number)),
      () => file.splice(at, size, ...big(size, number)),
      () => file.splice(at, part.length),
      () => file.splice(random(file.length + 1), 0, ...part),
      () => file = file.slice(0, at),
    ];
    changes[random(changes.length)]!();
  }
  return Uint8Array.from(file);
}

/** The bytes in hexadecimal, as a failure shows them. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
