import type { Loader } from "../contract/loader.ts";

/** Each pixel of a decoded image: red, green, blue and alpha. */
const BYTES_PER_PIXEL = 4;

/**
 * Decodes PNG, JPEG, GIF, WebP and BMP by `createImageBitmap`: asynchronously only, so its resources
 * are loaded by `loadAsync` as `ImageBitmap`. Not registered unless you do it. The size is width ×
 * height × 4 bytes, and a bitmap is closed when it is unloaded.
 *
 * @example
 * ```ts
 * import { imageLoader, MemorySource, ResourceLoadError, ResourceManager } from "@holdfast/resources";
 * import { assertRejects } from "@std/assert";
 *
 * await using mgr = new ResourceManager({
 *   source: new MemorySource({ "broken.png": "no image" }),
 *   loaders: [imageLoader],
 * });
 * await assertRejects(() => mgr.loadAsync("broken.png", ImageBitmap), ResourceLoadError);
 * ```
 */
export const imageLoader: Loader<ImageBitmap> = {
  name: "image",
  extensions: [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"],
  loadAsync: (bytes) => createImageBitmap(new Blob([bytes])),
  unload: (bitmap) => bitmap.close(),
  byteLength: ({ width, height }) => width * height * BYTES_PER_PIXEL,
};
