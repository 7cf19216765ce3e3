import type { Loader } from "../contract/loader.ts";
import { closeAll } from "./moved.ts";
import type { WorkerLoaderOptions, WorkerModule } from "./options.ts";
import { WorkerPool } from "./pool.ts";

/**
 * A loader that decodes in workers. Disposing it ends them: dispose the manager first, as a `using`
 * that comes after it does.
 *
 * @typeParam T The type of the values.
 * @typeParam E The extensions that it reads, as literals.
 *
 * @example
 * ```ts
 * import { workerLoader, type WorkerLoader } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * const url = new URL("../../examples/workers/terrain.ts", import.meta.url);
 * using terrain: WorkerLoader<unknown, ".height"> = workerLoader(url, {
 *   name: "terrain",
 *   extensions: [".height"],
 * });
 * assertEquals(terrain.name, "terrain");
 * ```
 */
export interface WorkerLoader<T, E extends string = string>
  extends Loader<T, E>, Disposable, AsyncDisposable {}

/**
 * Makes a loader that decodes in workers, so that no frame waits for it. The workers run `module`,
 * which calls `serveDecoder`. Files are decoded side by side, the most urgent first.
 *
 * Bytes are moved to a worker, and what the decoder gives is moved back: its buffers are not copied.
 * The loader is asynchronous: use `loadAsync`. When a load is withdrawn, the decoder's `signal`
 * aborts, and what it gives is dropped.
 *
 * What the decoder throws fails the load, and is the `cause`, with its class if that is one of
 * JavaScript's own, and with the worker's stack. When a worker crashes, the load that it was at fails,
 * and another worker takes its place. When the module does not load, all loads that wait fail at once.
 *
 * Workers have the permissions of the program. To give them fewer, start them yourself: see
 * `WorkerModule`.
 *
 * Making a loader costs O(1). A load costs some 0.1 ms besides the decoder's time; the first ones wait
 * for their workers to start.
 *
 * @throws {RangeError} `workers` is not a whole number above 0, or a time is negative or not a number.
 *
 * @typeParam T The type of the values: what `make` gives. Without `make` write it, and the extensions:
 * `workerLoader<Level, ".level">(…)`.
 * @typeParam E The extensions that it reads, as literals.
 * @typeParam R What the decoder gives.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { workerLoader } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * class Terrain {
 *   constructor(readonly heights: Float32Array, readonly slopes: Float32Array) {}
 * }
 * const module = new URL("../../examples/workers/terrain.ts", import.meta.url);
 * using terrains = workerLoader(module, {
 *   name: "terrain",
 *   extensions: [".height"],
 *   make: ({ heights, slopes }: Terrain) => new Terrain(heights, slopes), // on the main thread
 *   byteLength: ({ heights, slopes }) => heights.byteLength + slopes.byteLength,
 * });
 * const source = new MemorySource({ "hill.height": new Uint8Array([0, 51, 255, 51]) });
 * await using mgr = new ResourceManager({ source, loaders: [terrains] });
 * using hill = await mgr.loadAsync("hill.height"); // a Handle<Terrain>
 * assertEquals(hill.value.heights.length, 4);
 * assertEquals(mgr.bytes, 32);
 * ```
 */
// Without NoInfer, E would be any string among the `loaders` of a manager, and no name would have a type.
export function workerLoader<T, const E extends string = string, R = unknown>(
  module: WorkerModule,
  options: WorkerLoaderOptions<T, E, R>,
): WorkerLoader<T, NoInfer<E>> {
  const { name, extensions, variants, make, unload, byteLength, uploadBytes } = options;
  const pool = new WorkerPool({ ...options, creator: "a workerLoader", module });
  return {
    name,
    extensions,
    async loadAsync(bytes, context) {
      const result = await pool.decode(bytes, context) as R;
      if (make === undefined) return result as unknown as T;
      let isTaken = false;
      try {
        return await context.turn(() => {
          isTaken = true;
          return make(result, context);
        }, { uploadBytes: uploadBytes?.(result) });
      } finally {
        if (!isTaken) closeAll(result);
      }
    },
    ...(variants && { variants }),
    ...(unload && { unload }),
    ...(byteLength && { byteLength }),
    [Symbol.dispose]: () => pool[Symbol.dispose](),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
