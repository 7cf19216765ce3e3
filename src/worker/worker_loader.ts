import type { Loader } from "../contract/loader.ts";
import { closeAll } from "./moved.ts";
import type { WorkerLoaderOptions, WorkerModule } from "./options.ts";
import { WorkerPool } from "./pool.ts";

/**
 * A loader that decodes in workers. Disposing it ends the workers, so dispose the manager first. Declare
 * the manager after the loader: `using` disposes in reverse order.
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
 * Makes a loader that decodes in workers, so that no frame waits for it. The workers run `module`, which
 * calls `serveDecoder`. They decode several files at once, the most urgent first.
 *
 * The bytes are moved to a worker, and the buffers of the decoder's result are moved back: they are not
 * copied. The loader is asynchronous: use `loadAsync`. When a load is withdrawn, the decoder's `signal`
 * aborts, and its result is dropped.
 *
 * If the decoder throws, the load fails with that error as the `cause`. It has the worker's stack, and its
 * class if that is one of JavaScript's own. If a worker crashes, the load that it decoded for fails, and
 * another worker replaces it. If the module does not load, all loads that wait fail at once.
 *
 * Workers have the permissions of the program. To give them fewer, start them yourself: see
 * {@linkcode WorkerModule}.
 *
 * Making a loader costs O(1). A load costs about 0.1 ms more than the decoder's time. The first loads
 * also wait until their workers have started.
 *
 * @throws {RangeError} `workers` is not a whole number above 0, or a time is negative or not a number.
 *
 * @typeParam T The type of the values: the result of `make`. Without `make` write it, and the extensions:
 * `workerLoader<Level, ".level">(…)`.
 * @typeParam E The extensions that it reads, as literals.
 * @typeParam R The type of the decoder's results.
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
// Without NoInfer, E is any string in the `loaders` of a manager, and names have no types.
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
      let hasBegun = false;
      try {
        return await context.turn(() => {
          hasBegun = true;
          return make(result, context);
        }, { uploadBytes: uploadBytes?.(result) });
      } finally {
        if (!hasBegun) closeAll(result);
      }
    },
    ...(variants && { variants }),
    ...(unload && { unload }),
    ...(byteLength && { byteLength }),
    [Symbol.dispose]: () => pool[Symbol.dispose](),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
