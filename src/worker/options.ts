import type { Clock } from "../contract/clock.ts";
import type { AsyncLoadContext } from "../contract/loader.ts";

/**
 * The module that workers run: its URL, or a function that starts a worker with it. Bundlers find a
 * worker's module only where it is written in full: give them
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
 * How many workers there are, and how long they may take.
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
   * How many workers there are at most. They start when they are needed.
   *
   * @default {Math.min(4, navigator.hardwareConcurrency - 1)} At least 1.
   */
  workers?: number;
  /**
   * How long a worker may take to call `serveDecoder`, in milliseconds: what its module downloads and
   * awaits counts. The loads that wait fail after that, if no other worker has started.
   *
   * @default {30_000}
   */
  startTimeout?: number;
  /**
   * How long a worker may go on with a load that was withdrawn, in milliseconds. After that it is ended,
   * and another one takes its place.
   *
   * @default {5_000}
   */
  abortTimeout?: number;
  /**
   * How long all workers may have nothing to do before they are ended, in milliseconds. They start again
   * when they are needed. Until then they keep a program running that has nothing else to do.
   *
   * @default {5_000}
   */
  idleTimeout?: number;
  /** Where the time comes from. */
  clock?: Clock;
}

/**
 * How a loader decodes in workers.
 *
 * @typeParam T The type of the values.
 * @typeParam E The extensions that it reads, as literals.
 * @typeParam R What the decoder gives.
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
  /** What the loader is called in messages. */
  name: string;
  /** The endings that it reads, with the dot. */
  extensions: readonly E[];
  /** The variants that it makes of one file: the decoder is told which one is wanted. */
  variants?: readonly string[] | true;
  /**
   * Makes the value of what the decoder has given, on the main thread: wraps it in a class, or brings it
   * to the GPU. Runs in the pump of a manager with `pacing: "pumped"`. Without it, what the decoder gives
   * is the value.
   */
  make?(result: R, context: AsyncLoadContext): T | Promise<T>;
  /**
   * How many bytes `make` brings to the GPU. They count for the `maxUploadBytes` of
   * `ResourceManager.pump`.
   *
   * @default {undefined} None.
   */
  uploadBytes?(result: R): number;
  /** Unloads a value. By default it is disposed, if it can be. */
  unload?(value: T): void | Promise<void>;
  /** The size of a value in bytes. By default that of the file. */
  byteLength?(value: T): number;
}
