/**
 * Decodes files in workers, off the main thread, so that no frame waits for them.
 *
 * A module of your own calls {@linkcode serveDecoder} with a function that decodes. The game passes the
 * URL of that module to {@linkcode workerLoader}, and calls `loadAsync` as usual.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { workerLoader } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * // terrain.ts calls: serveDecoder((bytes) => ({ heights: …, slopes: … }))
 * const module = new URL("../examples/workers/terrain.ts", import.meta.url);
 * using terrains = workerLoader<{ heights: Float32Array }, ".height">(module, {
 *   name: "terrain",
 *   extensions: [".height"],
 * });
 * const source = new MemorySource({ "hill.height": new Uint8Array([0, 51, 255, 51]) });
 * await using mgr = new ResourceManager({ source, loaders: [terrains] });
 * using hill = await mgr.loadAsync("hill.height");
 * assertEquals(hill.value.heights.length, 4);
 * ```
 *
 * For images, `imageWorkers` of `@holdfast/resources/webgpu` includes the decoder.
 *
 * @module
 */
export { type Decode, type DecodeRequest, serveDecoder } from "./worker/serve.ts";
export type { WorkerLoaderOptions, WorkerModule, WorkerOptions } from "./worker/options.ts";
export { type WorkerLoader, workerLoader } from "./worker/worker_loader.ts";
