import type { Loader } from "../contract/loader.ts";
import { readHeader } from "./image_header.ts";

/** Red, green, blue and alpha. */
const BYTES_PER_PIXEL = 4;
/** The most bytes of one decoded image: 256 MiB. */
const MAX_BYTES = 268_435_456;

/**
 * Decodes PNG, JPEG, GIF, WebP and BMP with `createImageBitmap`, to an `ImageBitmap`. It is not built in:
 * pass it in `loaders`. It is asynchronous only: use `loadAsync`. A bitmap is closed when its resource is
 * unloaded, and its size is width × height × 4 bytes.
 *
 * Headers are checked before anything is decoded: an image is refused if it would take more than 256
 * MiB, or if a picture in it is larger than its header says. For larger images that you trust, register
 * `{ ...imageLoader, loadAsync: (bytes) => createImageBitmap(new Blob([bytes])) }`.
 *
 * Costs O(pixels). Browsers decode off the main thread. Deno decodes on it, so a frame waits: about 15
 * to 120 ms for a PNG of 1024 × 1024.
 *
 * @throws {TypeError} The bytes are not an image of one of these kinds. The extension does not matter.
 * @throws {SyntaxError} The image is cut off or damaged, has no pixels, or has a picture that is too
 * large.
 * @throws {RangeError} The image would take more than 256 MiB.
 *
 * @example
 * ```ts
 * import { imageLoader, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * await using mgr = new ResourceManager({ source: "examples/assets", loaders: [imageLoader] });
 * using coin = await mgr.loadAsync("common/coin.png", ImageBitmap);
 * assertEquals([coin.value.width, coin.value.height, mgr.bytes], [32, 32, 4096]);
 * ```
 */
export const imageLoader: Loader<
  ImageBitmap,
  ".png" | ".jpg" | ".jpeg" | ".gif" | ".webp" | ".bmp"
> = {
  name: "image",
  extensions: [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"],
  loadAsync: (bytes) => decodeBitmap(bytes),
  unload: (bitmap) => bitmap.close(),
  byteLength: ({ width, height }) => width * height * BYTES_PER_PIXEL,
};

/** Decodes an image, unless its headers say that it is damaged or too large. */
export async function decodeBitmap(
  bytes: Uint8Array<ArrayBuffer>,
  options?: ImageBitmapOptions,
): Promise<ImageBitmap> {
  assertDecodable(bytes);
  return await createImageBitmap(new Blob([bytes]), options);
}

/** Throws if the headers of an image say that it is damaged or too large. */
export function assertDecodable(bytes: Uint8Array<ArrayBuffer>): void {
  const { width, height } = readHeader(bytes);
  const size = width * height * BYTES_PER_PIXEL;
  if (size <= MAX_BYTES) return;
  throw new RangeError(
    `it is ${width} × ${height} pixels and takes ${size} bytes, at most ${MAX_BYTES} are allowed`,
  );
}
