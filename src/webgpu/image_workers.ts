import type { WorkerModule, WorkerOptions } from "../worker/options.ts";
import { WorkerPool } from "../worker/pool.ts";
import type { ImageDecoder, ImageRequest } from "./image_decoder.ts";
import { givesOwnPixels } from "./own_pixels.ts";
import type { Pixels } from "./png.ts";

/**
 * How `imageWorkers` starts its workers.
 *
 * @example
 * ```ts
 * import { imageWorkers, type ImageWorkersOptions } from "@holdfast/resources/webgpu";
 * import { assert } from "@std/assert";
 *
 * const options: ImageWorkersOptions = { workers: 2, idleTimeout: 60_000 };
 * using images = imageWorkers(options);
 * assert("decode" in images);
 * ```
 */
export interface ImageWorkersOptions extends WorkerOptions {
  /**
   * The module that the workers run. A bundled program has to pass one of its own, which calls
   * `serveDecoder((bytes) => decodeImage(bytes))`.
   *
   * @default {undefined} A module of this package.
   */
  module?: WorkerModule;
}

/**
 * Workers that decode images, for any number of texture loaders. Disposing this object ends the workers,
 * so dispose the managers first: declare each manager with `using` after the workers. After that,
 * `decode` rejects with a `ReferenceError`.
 *
 * @example
 * ```ts
 * import { imageWorkers, type ImageWorkers } from "@holdfast/resources/webgpu";
 * import { assertRejects } from "@std/assert";
 *
 * const images: ImageWorkers = imageWorkers();
 * images[Symbol.dispose]();
 * const { signal } = new AbortController();
 * const decode = () => images.decode(new Uint8Array(1), { key: "hero.png", signal });
 * await assertRejects(decode, ReferenceError, "its workers are disposed");
 * ```
 */
export interface ImageWorkers extends ImageDecoder, Disposable, AsyncDisposable {}

/**
 * Makes workers that decode images for `textureLoader`, so that no frame waits for an image. Only the
 * upload to the GPU stays on the main thread. In Deno, the workers decode every kind of image. Browsers
 * decode off the main thread by themselves, and `textureLoader` starts no worker there.
 *
 * Workers start when they are needed, and end after `idleTimeout` ms without work. In Deno, workers need
 * permission to read the module of this package if it is a local file.
 *
 * The call costs O(1); an image costs its worker O(pixels).
 *
 * @throws {RangeError} `workers` is not a whole number above 0, or a time is negative or not a number.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { imageWorkers, textureLoader } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   using images = imageWorkers();
 *   await using mgr = new ResourceManager({
 *     source: "examples/assets",
 *     loaders: [
 *       textureLoader(device, { decoder: images }),
 *       textureLoader(device, { decoder: images, srgb: false, extensions: [".normal.png"] }),
 *     ],
 *   });
 *   using level = await mgr.loadAll(["common/coin.png", "common/hero.png"]);
 *   assertEquals(level["common/coin.png"].value.width, 32);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
export function imageWorkers(options: ImageWorkersOptions = {}): ImageWorkers {
  const { module = new URL("./image_worker.ts", import.meta.url) } = options;
  const pool = new WorkerPool({ ...options, creator: "imageWorkers", module });
  const decoder: ImageWorkers = {
    decode: (bytes: Uint8Array<ArrayBuffer>, request: ImageRequest) =>
      pool.decode(bytes, request) as Promise<Pixels>,
    [Symbol.dispose]: () => pool[Symbol.dispose](),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
  return givesOwnPixels(decoder, (pixels) => pool.free(pixels));
}
