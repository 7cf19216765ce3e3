import { readHeader } from "../loaders/image_header.ts";
import { readBitmap } from "./bitmap.ts";
import { decodePng, type Pixels } from "./png.ts";

/**
 * Decodes an image to its pixels, as the workers of `textureLoader` do. PNG is decoded in JavaScript on
 * every runtime; JPEG, WebP, GIF and BMP by `createImageBitmap`, in Deno only. Of an animation, only the
 * first picture is decoded. Gamma and colour profiles are ignored. Costs O(pixels), and blocks its
 * thread. Does not limit the size of an image: `textureLoader` checks the size before.
 *
 * @throws {TypeError} The image is not of a known kind.
 * @throws {SyntaxError} The image is damaged, or has more pixels than its header says.
 * @throws {RangeError} There is not enough memory for its pixels.
 *
 * @example The module of a worker, where a bundler needs one of your own: see `imageWorkers`
 * ```ts
 * import { decodeImage } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * // In the worker's module: serveDecoder(decodeImage);
 * const { width, height, data } = await decodeImage(
 *   await Deno.readFile("examples/assets/common/coin.png"),
 * );
 * assertEquals([width, height, data.length], [32, 32, 4096]);
 * ```
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const { kind, width, height } = readHeader(bytes);
  if (kind === "PNG") return decodePng(bytes);
  // With `premultiplyAlpha: "none"` as well, Deno divides the colours by the opacity.
  const options: ImageBitmapOptions = { colorSpaceConversion: "none" };
  const bitmap = await createImageBitmap(new Blob([bytes]), options);
  try {
    // A photo may be stored on its side, so only the number of pixels can be compared.
    if (bitmap.width * bitmap.height <= width * height) return await readBitmap(bitmap);
    throw new SyntaxError(
      `the ${kind} is ${width} × ${height}, and has a picture of ${bitmap.width} × ${bitmap.height}`,
    );
  } finally {
    bitmap.close();
  }
}
