/**
 * Keeps a game's resources in memory exactly as long as something uses them.
 *
 * A {@linkcode ResourceManager} reads each resource once, shares it, and counts who uses it. A
 * {@linkcode Handle} is one counted reference and is `Disposable`: with `using`, it is given back at
 * the end of the block, whatever happened in it. A {@linkcode ResourceScope} holds what a scene needs,
 * and gives it all back together. When nothing uses a resource any more, it is unloaded, or kept idle
 * within a budget of bytes.
 *
 * Two things go wrong with lifetimes, and both are told by name. A handle that is *forgotten* keeps its
 * resource forever: it is found when it is garbage-collected, its reference is given back, and a
 * report says which it was. A resource that is *given back twice* would be pulled from under somebody
 * else: a handle gives back once, and `release` never touches what a handle holds.
 *
 * @example
 * ```ts
 * import { Json, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "intro.txt": "Once upon a time", "1.json": '{ "width": 40 }' });
 * using mgr = new ResourceManager({ source, maxBytes: 64_000_000 });
 * {
 *   using scene = mgr.scope("level 1");
 *   const map = scene.load("1.json", Json);
 *   using intro = mgr.load("intro.txt", Text);
 *   assertEquals(intro.value, "Once upon a time");
 *   assertEquals(map.value, { width: 40 });
 * } // everything is idle here, and stays until its bytes are needed
 * assertEquals(mgr.idleBytes, mgr.bytes);
 * ```
 *
 * @module
 */
export { ResourceManager } from "./src/manager.ts";
export type { Handle, WeakHandle } from "./src/contract/handle.ts";
export { type EscapedHandle, ResourceScope } from "./src/scope.ts";
export type { Clock } from "./src/contract/clock.ts";
export {
  HandleDisposedError,
  LoaderNotFoundError,
  ManagerDisposedError,
  ReferenceCountError,
  ResourceCycleError,
  ResourceExistsError,
  ResourceLoadError,
  ResourceNotLoadedError,
  ResourcePathError,
  ResourceTypeError,
  ResourceUnloadedError,
} from "./src/contract/errors.ts";
export type {
  Leak,
  ResourceEvents,
  ResourceEventSource,
  UnloadReason,
} from "./src/contract/events.ts";
export type {
  AsyncLoadContext,
  LoadContext,
  Loader,
  ResourceType,
  TypeToken,
} from "./src/contract/loader.ts";
export type {
  AddOptions,
  IdlePolicy,
  LeakOptions,
  ResourceManagerOptions,
  WatchOptions,
} from "./src/contract/options.ts";
export type { ReadOptions, Source } from "./src/contract/source.ts";
export type {
  CacheStats,
  CacheStatsJson,
  FormatStatsOptions,
  Holder,
  ResourceStats,
} from "./src/contract/stats.ts";
export type {
  Bundle,
  LoadAllOptions,
  LoadedBundle,
  LoadOptions,
  LoadPriority,
  LoadProgress,
  LoadTask,
  ValueOf,
} from "./src/contract/task.ts";
export { keep } from "./src/leaks/adoption.ts";
export { Bytes, bytesLoader } from "./src/loaders/bytes.ts";
export { imageLoader } from "./src/loaders/image.ts";
export { Json, json, jsonLoader, type JsonValue, type StandardSchema } from "./src/loaders/json.ts";
export { Text, textLoader } from "./src/loaders/text.ts";
export { formatStats } from "./src/report/format_stats.ts";
export { logEvents } from "./src/report/log.ts";
export { type GrownResource, Snapshot, SnapshotComparison } from "./src/report/snapshot.ts";
export { FileSource } from "./src/sources/file.ts";
export { HttpSource, type HttpSourceOptions } from "./src/sources/http.ts";
export { MemorySource } from "./src/sources/memory.ts";
