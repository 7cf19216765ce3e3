import type { Clock } from "../contract/clock.ts";
import type { AsyncLoadContext } from "../contract/loader.ts";

/**
 * The module that workers run: its URL, or a function that starts a worker with it. Use the function with
 * a bundler, which finds a worker's module only if this is written in full:
 * `() => new Worker(new URL("./decode_level.ts", import.meta.url), { type: "module" })`.
 *
 * @example
 * ```ts
 * import { workerLoader, type WorkerModule } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * const module: WorkerModule = () =>
 *   new Worker(new URL("./decode_level.ts", import.meta.url), { type: "module" });
 * using levels = workerLoader(module, { name: "level", extensions: [".level"] });
 * assertEquals(levels.extensions, [".level"]);
 * ```
 */
export type WorkerModule = string | URL | (() => Worker);

/**
 * How many workers a loader has, and how long they may take.
 *
 * @example
 * ```ts
 * import { workerLoader, type WorkerOptions } from "@holdfast/resources/worker";
 * import { assertThrows } from "@std/assert";
 *
 * const options: WorkerOptions = { workers: 0 };
 * const level = { name: "level", extensions: [".level"] };
 * assertThrows(
 *   () => workerLoader("https://example.com/decode_level.js", { ...level, ...options }),
 *   RangeError,
 *   '"workers" must be a whole number above 0: received 0',
 * );
 * ```
 */
export interface WorkerOptions {
  /**
   * How many workers may run at once. They start when they are needed.
   *
   * @default {Math.min(4, navigator.hardwareConcurrency - 1)} At least 1.
   */
  workers?: number;
  /**
   * How long a worker may take to call `serveDecoder`, in milliseconds. That includes what its module
   * downloads and awaits. After that the worker is ended. If no other worker has started, the loads that
   * wait fail.
   *
   * @default {30_000}
   */
  startTimeout?: number;
  /**
   * How long a worker may continue with a load that was withdrawn, in milliseconds. After that the
   * worker is ended and replaced by another one.
   *
   * @default {5_000}
   */
  abortTimeout?: number;
  /**
   * How long all workers may be idle before they are ended, in milliseconds. They start again when they
   * are needed. Idle workers keep the process alive.
   *
   * @default {5_000}
   */
  idleTimeout?: number;
  /**
   * The clock for the timeouts.
   *
   * @default {The clock of the system}
   */
  clock?: Clock;
}

/**
 * How a loader decodes in workers.
 *
 * @typeParam T The type of the values.
 * @typeParam E The extensions that it reads, as literals.
 * @typeParam R The type of the decoder's results.
 *
 * @example
 * ```ts
 * import type { WorkerLoaderOptions } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * class Terrain {
 *   constructor(readonly heights: Float32Array) {}
 * }
 * const options: WorkerLoaderOptions<Terrain, ".height", Float32Array> = {
 *   name: "terrain",
 *   extensions: [".height"],
 *   make: (heights) => new Terrain(heights),
 *   byteLength: ({ heights }) => heights.byteLength,
 *   workers: 2,
 * };
 * assertEquals(options.extensions, [".height"]);
 * ```
 */
export interface WorkerLoaderOptions<T, E extends string = string, R = unknown>
  extends WorkerOptions {
  /** The loader's name in messages. */
  name: string;
  /** The file extensions that it reads, with the dot. */
  extensions: readonly E[];
  /**
   * The variants that it makes of one file; `true` allows any. The decoder's request names the one that is
   * loaded.
   *
   * @default {undefined} None.
   */
  variants?: readonly string[] | true;
  /**
   * Makes the value from the decoder's result, on the main thread: for example wraps it in a class, or
   * uploads it to the GPU. With `pacing: "pumped"` it runs in the manager's `pump`.
   *
   * @default {undefined} The decoder's result is the value.
   */
  make?(result: R, context: AsyncLoadContext): T | Promise<T>;
  /**
   * Returns how many bytes `make` uploads to the GPU. They count for the `maxUploadBytes` of
   * `ResourceManager.pump`.
   *
   * @default {undefined} None.
   */
  uploadBytes?(result: R): number;
  /**
   * Unloads a value.
   *
   * @default {undefined} The value is disposed, if it can be.
   */
  unload?(value: T): void | Promise<void>;
  /**
   * Returns the size of a value in bytes.
   *
   * @default {undefined} The size of the file.
   */
  byteLength?(value: T): number;
}
