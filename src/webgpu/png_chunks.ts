import { crc32 } from "../compression/crc32.ts";

/** The contents of a PNG file, checked and still compressed. */
export interface PngFile {
  readonly header: PngHeader;
  /** Red, green and blue of each colour, for colour type 3. */
  readonly palette: Uint8Array;
  /** The opacity of each colour of the palette, or the one colour that is transparent. */
  readonly transparency: Uint8Array | undefined;
  /** The compressed rows. */
  readonly data: Uint8Array;
}

/** The `IHDR` chunk. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** A sum of 1 (a palette), 2 (colours and not greys) and 4 (with opacity). */
  readonly colorType: number;
  readonly interlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly body: Uint8Array;
}

const SIGNATURE_LENGTH = 8;
/** The depths that an image may have, by colour type. */
const DEPTHS: readonly (readonly number[])[] = [
  [1, 2, 4, 8, 16],
  [],
  [8, 16],
  [1, 2, 4, 8],
  [8, 16],
  [],
  [8, 16],
];
/** The bytes of a transparent colour, by colour type, where there may be one. */
const TRANSPARENT_BYTES: Readonly<Record<number, number>> = { 0: 2, 2: 6 };
/** The chunks that are read. Others are skipped, unless their name marks them as necessary. */
const KNOWN: readonly string[] = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS"];

/**
 * Reads the chunks of a PNG file. Skips gamma, colour profiles and text, and all pictures of an
 * animation but the first. O(bytes).
 *
 * @throws {SyntaxError} The file is cut off, damaged, or not a PNG by the standard.
 */
export function readPng(bytes: Uint8Array): PngFile {
  const [first, ...chunks] = readChunks(bytes);
  if (first?.type !== "IHDR") throw new SyntaxError("the PNG does not begin with its header");
  const header = readPngHeader(first.body);
  const bodyOf = (type: string) => chunks.find((chunk) => chunk.type === type)?.body;
  const [palette, transparency] = [bodyOf("PLTE"), bodyOf("tRNS")];
  if (header.colorType === 3 && !palette) throw new SyntaxError("the PNG has no palette");
  const length = TRANSPARENT_BYTES[header.colorType];
  if (transparency && length && transparency.length !== length) {
    throw new SyntaxError(`the PNG has a transparent colour of ${transparency.length} bytes`);
  }
  const data = concat(chunks.filter(({ type }) => type === "IDAT").map(({ body }) => body));
  return { header, palette: palette ?? new Uint8Array(), transparency, data };
}

/** The known chunks, up to `IEND`. */
function readChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_LENGTH; chunks.at(-1)?.type !== "IEND";) {
    if (at + 12 > bytes.length) throw new SyntaxError("the PNG is cut off");
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) throw new SyntaxError("the PNG is cut off");
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (KNOWN.includes(type)) {
      if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
        throw new SyntaxError(`the PNG's "${type}" chunk is damaged`);
      }
      chunks.push({ type, body: bytes.subarray(at + 8, end) });
    } else if (/^[A-Z]/.test(type)) {
      throw new SyntaxError(`the PNG needs a "${type}" chunk, which no standard has`);
    }
    at = end + 4;
  }
  return chunks;
}

function readPngHeader(body: Uint8Array): PngHeader {
  if (body.length !== 13) throw new SyntaxError(`the PNG has a header of ${body.length} bytes`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [depth, colorType, compression, filter, interlace] = body.subarray(8);
  if (!DEPTHS[colorType!]?.includes(depth!)) {
    throw new SyntaxError(
      `the PNG has colour type ${colorType} at ${depth} bits, which PNG does not have`,
    );
  }
  if (compression !== 0 || filter !== 0 || interlace! > 1) {
    throw new SyntaxError("the PNG is compressed, filtered or interlaced in an unknown way");
  }
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: depth!,
    colorType: colorType!,
    interlaced: interlace === 1,
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
