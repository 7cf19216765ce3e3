/**
 * Keeps a game's textures, sounds, levels and fonts in memory for as long as something uses them.
 *
 * ```sh
 * deno add jsr:@holdfast/resources
 * ```
 *
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 *
 * class Texture {
 *   constructor(_png: Uint8Array) {} // decode the picture here
 *   draw() {} // and draw it here
 * }
 * using mgr = new ResourceManager({
 *   source: "./assets",
 *   loaders: [{ name: "texture", extensions: [".png"], load: (png) => new Texture(png) }],
 *   maxBytes: 64_000_000, // unused textures stay in memory while they fit into this budget
 *   leaks: { stacks: true }, // in development: say where a forgotten handle was opened
 * });
 * {
 *   using scene = mgr.scope("forest");
 *   const map = scene.load("forest.png"); // a Handle<Texture>, released with the scene
 *   using tex = mgr.load("player.png"); // read once, then shared
 *   map.value.draw();
 *   tex.value.draw();
 * } // both are released here, even if the block throws
 * ```
 *
 * A {@linkcode ResourceManager} reads each resource once, shares it and counts its users. A
 * {@linkcode Handle} is one reference: `using` disposes it at the end of the block. A
 * {@linkcode ResourceScope} disposes the handles of a scene together. When the last reference is
 * released, the resource is unloaded; with `maxBytes`, it stays in memory until its bytes are needed.
 *
 * Lifetimes go wrong in two ways, and both are safe here. A handle that is never disposed would keep its
 * resource in memory: when the handle is garbage-collected, or when the manager is disposed, the manager
 * reports its key and releases its reference. A resource that is released twice would disappear while
 * others use it: disposing a handle twice does nothing, and {@linkcode ResourceManager.release} never
 * releases a reference that a handle owns.
 *
 * A name determines the type of its value: the loader of `.png` makes `player.png`, so `load` needs no
 * type. `player.png?data` is a variant of `player.png`, and `player.sheet#run` is a part of
 * `player.sheet`. Where the compiler cannot know the type, pass one, such as `Text` or `Texture`: it is
 * checked at run time.
 *
 * Guides: [getting started](docs/getting-started.md), [lifetimes](docs/lifetimes.md),
 * [names](docs/names.md), [loading](docs/loading.md), [loaders](docs/loaders.md),
 * [troubleshooting](docs/troubleshooting.md), [finding leaks](docs/leaks.md),
 * [reference](docs/reference.md). The [README](README.md) has a comparison, the costs and a list of
 * all guides.
 *
 * @module
 */
export { ResourceManager } from "./src/manager.ts";
export type { Handle, WeakHandle } from "./src/contract/handle.ts";
export { type EscapedHandle, ResourceScope } from "./src/scope.ts";
export type { Clock } from "./src/contract/clock.ts";
export {
  HandleDisposedError,
  HttpError,
  LoaderNotFoundError,
  ManagerDisposedError,
  ReferenceCountError,
  ResourceCycleError,
  ResourceExistsError,
  ResourceLoadError,
  ResourceNotFoundError,
  ResourceNotLoadedError,
  ResourcePathError,
  ResourceTypeError,
  ResourceUnloadedError,
} from "./src/contract/errors.ts";
export type { Leak, ResourceEvents, UnloadReason } from "./src/contract/events.ts";
export type {
  AsyncLoadContext,
  LoadContext,
  Loader,
  ResourceType,
  TurnOptions,
  TypeToken,
} from "./src/contract/loader.ts";
export type { Manifest, ManifestFile } from "./src/contract/manifest.ts";
export type {
  AddOptions,
  IdlePolicy,
  LeakOptions,
  Pacing,
  PumpOptions,
  ResourceManagerOptions,
  WatchOptions,
} from "./src/contract/options.ts";
export type {
  CheckedBundle,
  CheckedName,
  JsonValue,
  Loaders,
  ValueNamed,
  ValuesOf,
} from "./src/contract/named.ts";
export type { ReadOptions, Source } from "./src/contract/source.ts";
export type {
  CacheStats,
  FormatStatsOptions,
  Holder,
  HolderSite,
  LeakSite,
  QueuedWork,
  ResourceStats,
} from "./src/contract/stats.ts";
export type {
  Bundle,
  BundleResult,
  LoadAllOptions,
  LoadedBundle,
  LoadOptions,
  LoadPriority,
  LoadProgress,
  LoadTask,
  PartialBundle,
  PendingResource,
  SettledOptions,
  ValueOf,
} from "./src/contract/task.ts";
export { isWithdrawn } from "./src/contract/withdrawal.ts";
export { keep } from "./src/leaks/adoption.ts";
export { Bytes, bytesLoader } from "./src/loaders/bytes.ts";
export { imageLoader } from "./src/loaders/image.ts";
export { Json, json, jsonLoader, type StandardSchema } from "./src/loaders/json.ts";
export { Text, textLoader } from "./src/loaders/text.ts";
export { formatStats } from "./src/report/format_stats.ts";
export { logEvents } from "./src/report/log.ts";
export { type GrownResource, Snapshot, SnapshotComparison } from "./src/report/snapshot.ts";
export { FileSource } from "./src/sources/file.ts";
export { HttpSource, type HttpSourceOptions } from "./src/sources/http.ts";
export { LayeredSource } from "./src/sources/layered.ts";
export { MemorySource } from "./src/sources/memory.ts";
