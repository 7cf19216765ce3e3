/** What an image says about itself, before any of its pixels are decoded. */
export interface ImageHeader {
  readonly kind: "PNG" | "JPEG" | "GIF" | "WebP" | "BMP";
  readonly width: number;
  readonly height: number;
}

type Size = Pick<ImageHeader, "width" | "height">;

/** A picture that a file declares, in pixels from the upper left corner of the whole image. */
type Picture = readonly [x: number, y: number, width: number, height: number];

/** Finds the pictures of a file: the whole image, then all others. Throws a `RangeError` if it is damaged. */
type Finder = (view: DataView) => Iterable<Picture>;

/** How each kind of image begins, and the function that finds its pictures. */
const KINDS: readonly (readonly [kind: ImageHeader["kind"], magic: RegExp, find: Finder])[] = [
  // deno-lint-ignore no-control-regex
  ["PNG", /^\x89PNG\r\n\x1a\n/, picturesOfPng],
  ["JPEG", /^\xff\xd8\xff/, picturesOfJpeg],
  ["GIF", /^GIF8[79]a/, picturesOfGif],
  ["WebP", /^RIFF[^]{4}WEBPVP8/, picturesOfWebP],
  ["BMP", /^BM/, picturesOfBmp],
];

/** The most bytes of a PNG's colour profile. Each byte may inflate to 1 032, so all of them to 256 MiB. */
const MAX_PROFILE_BYTES = 262_144;

/**
 * Reads the kind and the size of an image. Follows the parts of the file without decoding them, and
 * refuses a file that has a larger picture than it says: a decoder takes memory for each size that it
 * finds. O(parts).
 *
 * @throws {TypeError} It is not of a known kind.
 * @throws {SyntaxError} It is cut off or damaged, has no pixels, or has a picture that is too large.
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [kind, , find] = KINDS.find(([, magic]) => magic.test(start)) ?? [];
  if (kind === undefined || !find) {
    throw new TypeError("it is not a PNG, JPEG, GIF, WebP or BMP image");
  }
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { kind, ...sizeOf(kind, find(view)) };
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    throw new SyntaxError(`the ${kind} has a damaged header, or is cut off`, { cause });
  }
}

/** The size of the first picture. Throws if another one is not within it. */
function sizeOf(kind: string, pictures: Iterable<Picture>): Size {
  let whole: Size | undefined;
  for (const [x, y, width, height] of pictures) {
    if (!whole && (width <= 0 || height <= 0)) {
      throw new SyntaxError(`the ${kind} has no pixels: it is ${width} × ${height}`);
    }
    whole ??= { width, height };
    if (x + width <= whole.width && y + height <= whole.height) continue;
    throw new SyntaxError(
      `the ${kind} is ${whole.width} × ${whole.height}, and has a picture of ${width} × ${height} at ${x}, ${y}`,
    );
  }
  assertSound(whole !== undefined);
  return whole!;
}

/** Throws a `RangeError`, as a `DataView` does where the bytes end: both say that the file is damaged. */
function assertSound(condition: boolean): void {
  if (!condition) throw new RangeError("no decoder finds its way from here");
}

/** The four letters that name a chunk. */
function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

/** The first chunk has the size of the image, and `fcTL` chunks those of the frames of an animation. */
function* picturesOfPng(view: DataView): Iterable<Picture> {
  assertSound(tagAt(view, 12) === "IHDR");
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const tag = tagAt(view, at + 4);
    const number = (index: number) => view.getUint32(at + 8 + 4 * index);
    if (tag === "IHDR") yield [0, 0, number(0), number(1)];
    if (tag === "fcTL") yield [number(3), number(4), number(1), number(2)];
    if (tag === "iCCP" && view.getUint32(at) > MAX_PROFILE_BYTES) {
      throw new SyntaxError(`the PNG has a colour profile of more than ${MAX_PROFILE_BYTES} bytes`);
    }
    if (tag === "IEND") return;
  }
}

/** One of the segments before the first scan (`DA`) has the size. */
function* picturesOfJpeg(view: DataView): Iterable<Picture> {
  let found = false;
  for (let at = 2, mark = 0; mark !== 0xda;) {
    assertSound(view.getUint8(at) === 0xff);
    mark = view.getUint8(at + 1);
    if (mark === 0xff) {
      at++; // any number of these may precede a mark
      continue;
    }
    const length = view.getUint16(at + 2);
    assertSound(isSegment(mark) && length >= 2);
    if (isFrameHeader(mark)) {
      assertSound(!found);
      found = true;
      yield [0, 0, view.getUint16(at + 7), view.getUint16(at + 5)];
    }
    at += 2 + length;
  }
}

/** Whether a mark begins a segment that has a length. Decoders disagree about other marks. */
function isSegment(mark: number): boolean {
  return mark >= 0xc0 && mark < 0xd0 && mark !== 0xc8 || mark > 0xd9 && mark < 0xf0 ||
    mark === 0xfe;
}

/** `C0` to `CF` without `C4`, `C8` and `CC`. */
function isFrameHeader(mark: number): boolean {
  return mark === 0xc0 || mark < 0xd0 && mark % 4 > 0;
}

/** The header has the size of the screen, and each block that begins with `2C` that of a picture. */
function* picturesOfGif(view: DataView): Iterable<Picture> {
  const number = (at: number) => view.getUint16(at, true);
  yield [0, 0, number(6), number(8)];
  let at = 13 + colorBytes(view.getUint8(10));
  for (let found = false; !found || at < view.byteLength;) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      yield [number(at + 1), number(at + 3), number(at + 5), number(at + 7)];
      at += 11 + colorBytes(view.getUint8(at + 9));
      found = true;
    } else if (block === 0x21) {
      at += 2;
    } else {
      assertSound(found);
      return; // the end, or bytes that decoders treat as the end
    }
    while (view.getUint8(at) > 0) at += 1 + view.getUint8(at); // pieces, until an empty one
    at++;
  }
}

/** The size of a colour table in bytes, from the flags that announce it. */
function colorBytes(flags: number): number {
  return flags & 0x80 ? 6 << (flags & 7) : 0;
}

/**
 * The first chunk has the size of the image: lossy `VP8 `, lossless `VP8L`, or extended `VP8X`, which is
 * followed by others. The pictures of an animation are chunks inside `ANMF` chunks.
 */
function* picturesOfWebP(view: DataView, start = 12, end = view.byteLength): Iterable<Picture> {
  for (let at = start; at + 8 <= end;) {
    const tag = tagAt(view, at);
    const next = at + 8 + view.getUint32(at + 4, true);
    const number = (from: number) => view.getUint32(at + from, true);
    const side = (from: number) => (number(from - 1) >>> 8) + 1; // of three bytes
    if (tag === "VP8X") yield [0, 0, side(12), side(15)];
    if (tag === "VP8L") yield [0, 0, (number(9) & 0x3fff) + 1, (number(9) >>> 14 & 0x3fff) + 1];
    if (tag === "VP8 ") yield [0, 0, number(14) & 0x3fff, number(14) >>> 16 & 0x3fff];
    if (tag === "ANMF" && start === 12) {
      yield [2 * side(8) - 2, 2 * side(11) - 2, side(14), side(17)];
      yield* picturesOfWebP(view, at + 24, Math.min(next, end));
    }
    at = next + next % 2;
  }
}

/** A negative height means that the first row is the top one. */
function picturesOfBmp(view: DataView): Picture[] {
  if (view.getUint32(14, true) === 12) {
    return [[0, 0, view.getUint16(18, true), view.getUint16(20, true)]];
  }
  return [[0, 0, view.getInt32(18, true), Math.abs(view.getInt32(22, true))]];
}
