/** What an image says of itself in its first bytes, before anything of it is decoded. */
export interface ImageHeader {
  readonly kind: "PNG" | "JPEG" | "GIF" | "WebP" | "BMP";
  readonly width: number;
  readonly height: number;
}

type Size = Pick<ImageHeader, "width" | "height">;

/** How each kind of image begins, and where it has its size. */
const KINDS: readonly (readonly [
  kind: ImageHeader["kind"],
  magic: RegExp,
  sizeOf: (view: DataView) => Size,
])[] = [
  // deno-lint-ignore no-control-regex
  ["PNG", /^\x89PNG\r\n\x1a\n/, sizeOfPng],
  ["JPEG", /^\xff\xd8\xff/, sizeOfJpeg],
  ["GIF", /^GIF8[79]a/, sizeOfGif],
  ["WebP", /^RIFF[^]{4}WEBPVP8/, sizeOfWebP],
  ["BMP", /^BM/, sizeOfBmp],
];

/**
 * The kind and the size of an image. O(1), but for JPEG, where it follows the segments to the size.
 *
 * @throws {TypeError} It is of no known kind.
 * @throws {SyntaxError} It is cut off or damaged, or has no pixels.
 */
export function readHeader(bytes: Uint8Array): ImageHeader {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [kind, , sizeOf] = KINDS.find(([, magic]) => magic.test(start)) ?? [];
  if (kind === undefined || sizeOf === undefined) {
    throw new TypeError("it is no PNG, JPEG, GIF, WebP or BMP image");
  }
  const { width, height } = sizeWithin(kind, bytes, sizeOf);
  if (width <= 0 || height <= 0) {
    throw new SyntaxError(`the ${kind} has no pixels: it is ${width} × ${height}`);
  }
  return { kind, width, height };
}

/** A `DataView` throws a `RangeError` where the bytes end. */
function sizeWithin(kind: string, bytes: Uint8Array, sizeOf: (view: DataView) => Size): Size {
  try {
    return sizeOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw new SyntaxError(`the ${kind} has a damaged header, or is cut off`, { cause: error });
  }
}

function sizeOfPng(view: DataView): Size {
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Follows the segments to the frame header: the marks C0 to CF, but for three that say else. */
function sizeOfJpeg(view: DataView): Size {
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xff) throw new SyntaxError("no segment begins here");
    const mark = view.getUint8(at + 1);
    if (mark === 0xff) {
      at++; // a mark may be filled up with these
    } else if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else {
      at += 2 + Math.max(2, view.getUint16(at + 2));
    }
  }
}

function sizeOfGif(view: DataView): Size {
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** One layout for each kind of compression: lossy `VP8 `, lossless `VP8L`, extended `VP8X`. */
function sizeOfWebP(view: DataView): Size {
  const kind = String.fromCharCode(view.getUint8(15));
  if (kind === "L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
  }
  if (kind === "X") {
    const [width, height] = [view.getUint32(24, true), view.getUint32(26, true) >>> 8];
    return { width: (width & 0xffffff) + 1, height: height + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** A height below zero says that the rows go from the top to the bottom. */
function sizeOfBmp(view: DataView): Size {
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}
