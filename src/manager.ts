import { assemble, type Parts } from "./assembly.ts";
import type { Cache } from "./cache/cache.ts";
import type { Entry } from "./cache/entry.ts";
import { announce } from "./cache/managers.ts";
import { UNOWNED } from "./cache/observers.ts";
import { reclaimableBytes } from "./cache/reclaimable.ts";
import { pump } from "./cache/work_queue.ts";
import {
  explained,
  type Failure,
  ReferenceCountError,
  ResourceNotLoadedError,
  throwAll,
} from "./contract/errors.ts";
import type { ResourceEvents } from "./contract/events.ts";
import type { Handle } from "./contract/handle.ts";
import type { Loader, ResourceType } from "./contract/loader.ts";
import type { CheckedBundle, CheckedName, Loaders, ValueNamed } from "./contract/named.ts";
import {
  type AddOptions,
  assertLimits,
  type PumpOptions,
  type ResourceManagerOptions,
  type WatchOptions,
} from "./contract/options.ts";
import { quote } from "./contract/printable.ts";
import type { CacheStats, Holder } from "./contract/stats.ts";
import type {
  Bundle,
  BundleResult,
  LoadAllOptions,
  LoadOptions,
  LoadTask,
  PendingResource,
  SettledOptions,
} from "./contract/task.ts";
import { withdrawalOf } from "./contract/withdrawal.ts";
import { lend } from "./handles/lend.ts";
import { openHandle, ResourceHandle } from "./handles/resource_handle.ts";
import { holdersNow } from "./leaks/holders.ts";
import type { Flights } from "./load/flights.ts";
import { isWarm, type Loading } from "./load/loading.ts";
import { readyTask } from "./load/ready_task.ts";
import { pendingOf, settled } from "./load/settling.ts";
import { findNames } from "./names/find.ts";
import { registerLoader } from "./names/loader_registry.ts";
import { indexFiles } from "./names/name_index.ts";
import { typeIn } from "./names/resource_type.ts";
import { type Inspect, showInConsole } from "./report/inspect.ts";
import { Snapshot } from "./report/snapshot.ts";
import { statsOf, summaryOf, warnOfHolders } from "./report/stats.ts";
import { ResourceScope } from "./scope.ts";

/**
 * Loads each resource once, shares it, and keeps it in memory for as long as something uses it.
 *
 * | operation | cost |
 * | --- | --- |
 * | `load`, `get` of a resident resource | O(1), allocates only the handle |
 * | `size`, `bytes`, `idleBytes`, `disposed`, `has`, `peek`, `acquire`, `release`, `unload` | O(1) |
 * | eviction and expiry | O(1) for each resource that is unloaded |
 * | `unloadUnused`, `clear` | O(idle resources) |
 * | `reclaimableBytes` | O(idle resources, the resources that they hold, and the handles of those) |
 * | `cacheStats`, `snapshot`, `clear({ force: true })`, disposal | O(resident resources) |
 *
 * @typeParam L The loaders, as a tuple.
 * @typeParam K The names of the manifest; `string` without one.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Texture {
 *   constructor(readonly png: Uint8Array) {}
 * }
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "hero.png": "@@@@@" }),
 *   loaders: [{ name: "texture", extensions: [".png"], load: (png) => new Texture(png) }],
 * });
 * {
 *   using hero = mgr.load("hero.png"); // reads and decodes: a Handle<Texture>
 *   using again = mgr.load("hero.png"); // shares
 *   assertEquals(hero.value, again.value);
 *   assertEquals([mgr.size, mgr.bytes, mgr.idleBytes], [1, 5, 0]);
 * } // both references are released, and the texture is unloaded
 * assertEquals([mgr.size, mgr.disposed], [0, false]);
 * ```
 */
export class ResourceManager<const out L extends Loaders = Loaders, K extends string = string>
  implements Disposable, AsyncDisposable {
  readonly #parts: Parts;
  readonly #cache: Cache;
  readonly #loading: Loading;
  readonly #flights: Flights;
  /** Resident entries by name: the shortest way through a load. Empty if each load needs more than that. */
  readonly #warm: Map<string, Entry>;

  /**
   * Creates a manager. Does not read anything yet. O(loaders, files of the manifest).
   *
   * @throws {RangeError} An option such as `maxBytes`, `idle` or `pacing` has an invalid value.
   * @throws {TypeError} A loader or the manifest is malformed, or `source` is not a source, a path or a
   * file URL.
   */
  constructor(options: ResourceManagerOptions<L, K> = {}) {
    const parts = assemble(options);
    showInConsole(ResourceManager, ResourceManager.show);
    this.#parts = parts;
    this.#cache = parts.cache;
    this.#loading = parts.loading;
    this.#flights = parts.flights;
    this.#warm = parts.loading.warm;
    announce(this, parts.cache);
  }

  /**
   * Registers a loader. If an extension already has a loader, the new loader replaces it, and a
   * `warning` event reports that. O(extensions).
   *
   * @throws {TypeError} The loader has no method that loads or makes values, has both kinds, or has an
   * invalid extension or variant.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.sprite": "@" }) });
   * mgr.registerLoader({
   *   name: "length",
   *   extensions: [".sprite"],
   *   load: (bytes) => new Number(bytes.length),
   * });
   * using length = mgr.load("hero.sprite", Number);
   * assertEquals(Number(length.value), 1);
   * ```
   */
  registerLoader<T>(loader: Loader<T>): void {
    this.#cache.assertUsable("register a loader");
    registerLoader(loader as Loader<unknown>, this.#parts);
  }

  /**
   * Gives short names to the files below `directory` that have a loader: `hero.png` and `hero` stand for
   * `chars/hero.png`. An indexed name takes precedence over a path with the same spelling; a name with a
   * slash is always a path. With `recursive: false`, files in subdirectories get no short names.
   * Indexing a directory again replaces its earlier names: do that when files have moved. O(files).
   *
   * @returns How many names are new.
   * @throws {ResourceNotFoundError} The source has no such directory.
   * @throws {ResourceLoadError} The source cannot list its files, or listing them failed.
   * @throws {ResourcePathError} `directory` is not a valid path, or leads out of the root.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "chars/hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * assertEquals(mgr.indexDirectory(), 2); // "hero.txt" and "hero"
   * using hero = mgr.load("hero", Text);
   * assertEquals(hero.key, "chars/hero.txt");
   * ```
   */
  indexDirectory(directory = "", options: { recursive?: boolean } = {}): number {
    this.#cache.assertUsable("index", directory);
    const onChange = (names: ReadonlySet<string>) => this.#cache.entries.renamed(names);
    return explained(directory, "index", () => {
      const files = this.#loading.reader.list(directory, options);
      return indexFiles(files, { ...this.#parts, directory, onChange });
    });
  }

  /**
   * Returns the names of all files that match a glob pattern and have a loader, sorted. `*` matches any
   * part of a file name, `**` any directories, and `{a,b}` matches `a` or `b`. Load them together with
   * `loadAll`. O(files below the directory that the pattern begins with).
   *
   * @throws {ResourcePathError} `pattern` is not a string, leads out of the root, or has a backslash.
   * @throws {ResourceLoadError} The source cannot list its files, or listing them failed.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "forest/oak.txt": "♣", "forest/elm.txt": "♠", "hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * const names = mgr.find("forest/*.txt");
   * assertEquals(names, ["forest/elm.txt", "forest/oak.txt"]);
   * using forest = await mgr.loadAll(names);
   * assertEquals(forest["forest/oak.txt"]?.value, "♣");
   * ```
   */
  find(pattern: string): K[] {
    this.#cache.assertUsable("find", pattern);
    const files = this.#loading.reader;
    return explained(pattern, "find", () => findNames(pattern, { ...this.#parts, files }) as K[]);
  }

  /**
   * Returns a handle to a resource. Reads and decodes the resource only if it is not resident. O(1) if
   * it is resident.
   *
   * @throws {LoaderNotFoundError} No loader reads its extension, makes its variant, or loads it
   * synchronously.
   * @throws {ResourceNotFoundError} The source has no such key.
   * @throws {ResourceLoadError} The source or the loader failed; `cause` is the error.
   * @throws {ResourceTypeError} The loader returned `undefined`.
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ResourceCycleError} The resource depends on itself.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({
   *   source: new MemorySource({ "cave.level": "#.#", "intro.txt": "Hello" }),
   *   loaders: [{ name: "level", extensions: [".level"], load: ({ length }) => ({ width: length }) }],
   * });
   * using cave = mgr.load("cave.level"); // a Handle<{ width: number }>, by its name
   * assertEquals(cave.value.width, 3);
   * const name: string = "intro.txt";
   * using intro = mgr.load(name, Text); // a Handle<string>, by the type, which is checked
   * assertEquals(intro.value, "Hello");
   * ```
   */
  load<const N extends K>(name: N): Handle<ValueNamed<L, N>>;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  load<const N extends string>(name: N & CheckedName<K, N>): Handle<ValueNamed<L, N>>;
  /**
   * Returns a handle to a resource, and checks that its value is of `type`. O(1) if it is resident.
   *
   * @throws {ResourceTypeError} The value is not of `type`.
   * @throws {TypeError} `type` is not a class or a type token.
   */
  load<T>(name: string, type: ResourceType<T>): Handle<T>;
  load(name: string, type?: ResourceType<unknown>): Handle<unknown> {
    const entry = this.#warm.get(name);
    if (entry === undefined || entry.type !== type && !isWarm(entry, type)) {
      return this.#loading.open(name, type, undefined, ResourceManager.prototype.load);
    }
    return this.#hit(entry);
  }

  /** Opens a handle to an entry that was found in `#warm`. */
  #hit(entry: Entry): Handle<unknown> {
    const cache = this.#cache;
    cache.hits++;
    if (entry.count++ === 0 || entry.observed) cache.retained(entry, UNOWNED);
    return new ResourceHandle(entry, undefined, cache.leaks.detect);
  }

  /**
   * Calls `use` with the value of a resource. Loads the resource if it is not resident, and releases it
   * when `use` returns. More than five times cheaper than a `using` block, and there is no handle to
   * forget. O(1) if the resource is resident.
   *
   * @returns What `use` returns.
   * @throws What {@linkcode ResourceManager.load} throws, and what `use` throws.
   * @throws {TypeError} `use` returns a promise: the reference would be released before it settles.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * const size = mgr.with("hero.txt", (hero) => hero.length);
   * assertEquals([size, mgr.size], [1, 0]);
   * ```
   */
  with<const N extends K, R>(name: N, use: (value: ValueNamed<L, N>) => R): R;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  with<const N extends string, R>(
    name: N & CheckedName<K, N>,
    use: (value: ValueNamed<L, N>) => R,
  ): R;
  /**
   * Checks that the value of a resource is of `type`, and calls `use` with it. O(1) if it is resident.
   *
   * @throws {ResourceTypeError} The value is not of `type`.
   * @throws {TypeError} `type` is not a class or a type token.
   */
  with<T, R>(name: string, type: ResourceType<T>, use: (value: T) => R): R;
  with<R>(name: string, first: unknown, second?: unknown): R {
    const use = (second ?? first) as (value: unknown) => R;
    const type = second === undefined ? undefined : first as ResourceType<unknown>;
    const cache = this.#cache;
    const warm = this.#warm.get(name);
    const isFound = warm !== undefined && (warm.type === type || isWarm(warm, type));
    const entry = isFound ? warm : this.#loading.demand(name, type);
    if (isFound) {
      cache.hits++;
      if (entry.count++ === 0 || entry.observed) cache.retained(entry, UNOWNED);
    }
    return lend(cache, entry, use);
  }

  /**
   * Loads a resource without blocking. All callers of the same resource share one read and one decoding.
   * A caller withdraws with its signal, or by disposing its task; the load is aborted when the last
   * caller has withdrawn. A synchronous `load` of the same resource does not wait: if it succeeds, all
   * callers get its value, and this load is aborted. O(1) if the resource is resident.
   *
   * Never throws: the task rejects with what {@linkcode ResourceManager.load} would throw, or with a
   * `TypeError` for an unknown priority. A task that is withdrawn rejects with the signal's reason, an
   * `AbortError` or a `ManagerDisposedError`. Such a rejection never counts as unhandled, and
   * {@linkcode isWithdrawn} tells it from a failure.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * using hero = await mgr.loadAsync("hero.txt", { priority: "high" }); // a Handle<string>
   * assertEquals(hero.value, "@");
   * ```
   */
  loadAsync<const N extends K>(name: N, options?: LoadOptions): LoadTask<ValueNamed<L, N>>;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  loadAsync<const N extends string>(
    name: N & CheckedName<K, N>,
    options?: LoadOptions,
  ): LoadTask<ValueNamed<L, N>>;
  /** Loads a resource without blocking, and checks that its value is of `type`. O(1) if it is resident. */
  loadAsync<T>(name: string, type: ResourceType<T>, options?: LoadOptions): LoadTask<T>;
  loadAsync(
    name: string,
    first?: ResourceType<unknown> | LoadOptions,
    second?: LoadOptions,
  ): LoadTask<unknown> {
    const type = typeIn(first);
    const options = second ?? (type === undefined ? first as LoadOptions : undefined);
    const entry = this.#warm.get(name);
    if (entry !== undefined && (entry.type === type || isWarm(entry, type)) && !entry.observed) {
      if (!(options?.signal ?? options?.onProgress)) return readyTask(this.#hit(entry));
    }
    return this.#flights.open(name, type, options ?? {}, ResourceManager.prototype.loadAsync);
  }

  /**
   * Loads several resources side by side, all or none. Resolves to an object with a handle for each
   * name; disposing the object disposes all handles. With `partial`, the object has the handles of the
   * resources that could be loaded, and its `errors` has the errors of the others. O(bundle).
   *
   * Never throws: the promise rejects with every error. If the bundle is withdrawn, it rejects as
   * {@linkcode ResourceManager.loadAsync} does.
   *
   * @throws {AggregateError} Some resources could not be loaded, and the others were released. Contains
   * the error of each failed load, then the errors of releasing the others.
   * @throws {TypeError} The bundle is malformed. Nothing was loaded.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "intro.txt": "Hello", "1.json": '{ "width": 40 }' });
   * using mgr = new ResourceManager({ source });
   * const progress: number[] = [];
   * using level = await mgr.loadAll({ intro: "intro.txt", map: "1.json" }, {
   *   onProgress: ({ done, total }) => progress.push(done / total),
   * });
   * assertEquals([level.intro.value, level.map.value], ["Hello", { width: 40 }]);
   * assertEquals([progress.at(0), progress.at(-1)], [0, 1]);
   * ```
   */
  loadAll<const B extends Bundle, P extends boolean = false>(
    bundle: CheckedBundle<B, K>,
    options?: LoadAllOptions<P>,
  ): Promise<BundleResult<B, P, L>> {
    const caller = ResourceManager.prototype.loadAll;
    return this.#flights.loadAll(bundle as Bundle, { ...options, caller });
  }

  /**
   * Adds a value of your own as a resident resource. From then on, the manager owns the value and
   * unloads it. The resource cannot be reloaded. O(1); with `replace`, O(resources that are reloaded).
   *
   * @throws {ResourceExistsError} The key is in use, and `replace` is not set. An idle resource is
   * replaced.
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {RangeError} `byteLength` is not a whole number of 0 or more, or the sum of all sizes would
   * exceed `Number.MAX_SAFE_INTEGER`.
   * @throws {ResourceTypeError} The value is `undefined`, or is not of a type that the resource it
   * replaces was loaded as.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource() });
   * const noise = new Float32Array(256);
   * using handle = mgr.add("noise", noise, { byteLength: noise.byteLength });
   * assertEquals(mgr.bytes, 1024);
   * using shared = mgr.load("noise", Float32Array);
   * assertEquals(shared.value, handle.value);
   * ```
   */
  add<T>(name: string, value: T, options: AddOptions<T> = {}): Handle<T> {
    this.#cache.assertUsable("add", name);
    const entry = this.#parts.reloader.add(name, value, options);
    return openHandle(entry, undefined, ResourceManager.prototype.add);
  }

  /**
   * Returns a handle to a resource if it is resident. Never loads. O(1).
   *
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * assertEquals(mgr.get("hero.txt"), undefined);
   * using _hero = mgr.load("hero.txt");
   * using again = mgr.get("hero.txt");
   * assertEquals(again?.value, "@");
   * ```
   */
  get<const N extends K>(name: N): Handle<ValueNamed<L, N>> | undefined;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  get<const N extends string>(name: N & CheckedName<K, N>): Handle<ValueNamed<L, N>> | undefined;
  /**
   * Returns a handle to a resource if it is resident, and checks that it is of `type`. O(1).
   *
   * @throws {ResourceTypeError} The value is not of `type`.
   * @throws {TypeError} `type` is not a class or a type token.
   */
  get<T>(name: string, type: ResourceType<T>): Handle<T> | undefined;
  get(name: string, type?: ResourceType<unknown>): Handle<unknown> | undefined {
    return this.#loading.get(name, type, ResourceManager.prototype.get);
  }

  /**
   * Creates a scope, for example for a scene. Disposing the scope disposes everything that it loaded.
   * `label` names it in reports. O(1).
   *
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   scene.load("hero.txt", Text);
   *   assertEquals(mgr.holders("hero.txt")[0]?.label, "title");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  scope(label = ""): ResourceScope<L, K> {
    this.#cache.assertUsable("make a scope");
    return new ResourceScope<L, K>(this.#flights, label);
  }

  /**
   * Adds a reference to a resident resource, without a handle. Prefer handles. O(1).
   *
   * @throws {ResourceNotLoadedError} The resource is not resident.
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using _hero = mgr.load("hero.txt", Text);
   *   mgr.acquire("hero.txt");
   * }
   * assertEquals(mgr.has("hero.txt"), true);
   * mgr.release("hero.txt");
   * assertEquals(mgr.has("hero.txt"), false);
   * ```
   */
  acquire(name: string): void {
    const entry = this.#resident("acquire", name);
    entry.retain();
    entry.manual++;
  }

  /**
   * Releases a reference that `acquire` added. Never releases a reference that a handle owns. O(1).
   *
   * @throws {ReferenceCountError} All references that `acquire` added were released already.
   * @throws {ResourceNotLoadedError} The resource is not resident.
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ManagerDisposedError} The manager is disposed.
   * @throws What unloading throws, if this was the last reference.
   *
   * @example
   * ```ts
   * import { MemorySource, ReferenceCountError, ResourceManager, Text } from "@holdfast/resources";
   * import { assertThrows } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.load("hero.txt", Text);
   * mgr.acquire("hero.txt");
   * mgr.release("hero.txt");
   * assertThrows(() => mgr.release("hero.txt"), ReferenceCountError); // a handle owns the last one
   * ```
   */
  release(name: string): void {
    const entry = this.#resident("release", name);
    if (entry.manual === 0) throw new ReferenceCountError(entry.key, entry.handles);
    entry.manual--;
    entry.release();
  }

  /**
   * Unloads an idle resource. With `force`, also unloads a live one: its handles then throw on `.value`.
   * O(1).
   *
   * @returns Whether the resource was unloaded. If it is still referenced, a `warning` event, or the
   * console if nothing listens, names its holders.
   * @throws What unloading throws.
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.load("hero.txt", Text);
   * assertEquals(mgr.unload("hero.txt"), false); // in use: the console says by whom
   * assertEquals(mgr.unload("hero.txt", { force: true }), true);
   * ```
   */
  unload(name: string, { force = false }: { force?: boolean } = {}): boolean {
    this.#cache.assertUsable("unload", name);
    const entry = this.#loading.find(name);
    if (entry === undefined) return false;
    if (entry.count > 0 && !force) {
      warnOfHolders(entry);
      return false;
    }
    this.#cache.unload(entry, force ? "forced" : "unused");
    return true;
  }

  /**
   * Returns the resources that `loadAsync` and `loadAll` are loading, in the order of the requests: for
   * a loading screen, or to find out what a game waits for. O(loads under way).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using task = mgr.loadAsync("hero.txt");
   * assertEquals(mgr.pending().map(({ key, waiters }) => [key, waiters]), [["hero.txt", 1]]);
   * await task;
   * assertEquals(mgr.pending(), []);
   * ```
   */
  pending(): PendingResource[] {
    return pendingOf(this.#flights);
  }

  /**
   * Resolves when no load or reload is under way any more, whether they succeeded or failed. With
   * `pacing: "pumped"`, keep calling `pump` meanwhile. O(loads under way).
   *
   * Rejects only with the reason of `signal`: the failure of a load goes to its own callers.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.loadAsync("hero.txt");
   * await mgr.settled();
   * assertEquals(mgr.has("hero.txt"), true);
   * ```
   */
  settled(options: SettledOptions = {}): Promise<void> {
    return settled(this.#flights, options);
  }

  /**
   * Evicts idle resources, the longest idle first, until at most `bytes` are resident. Call it when the
   * system says that memory is short. A resource of 0 bytes that holds no other resource is not evicted.
   * O(1) for each resource that is evicted.
   *
   * @returns How many resources were evicted.
   * @throws {RangeError} `bytes` is not a number of 0 or more.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "a.txt": "1234", "b.txt": "5678" });
   * using mgr = new ResourceManager({ source, idle: "keep" });
   * for (const name of ["a.txt", "b.txt"]) mgr.load(name)[Symbol.dispose]();
   * assertEquals([mgr.trim(5), mgr.has("a.txt"), mgr.bytes], [1, false, 4]);
   * ```
   */
  trim(bytes: number): number {
    this.#cache.assertUsable("trim");
    return this.#cache.trim(bytes);
  }

  /**
   * The budget in bytes, as in the options; `undefined` for a manager without a limit. A smaller budget
   * evicts idle resources at once. Setting it does not change the `idle` policy. O(1), and O(1) for each
   * resource that is evicted.
   *
   * @throws {RangeError} It is not a positive number.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "a.txt": "1234", "b.txt": "5678" });
   * using mgr = new ResourceManager({ source, maxBytes: 8 });
   * for (const name of ["a.txt", "b.txt"]) mgr.load(name)[Symbol.dispose]();
   * mgr.maxBytes = 4;
   * assertEquals([mgr.bytes, mgr.maxBytes], [4, 4]);
   * ```
   */
  get maxBytes(): number | undefined {
    return this.#cache.budget.maxBytes;
  }

  set maxBytes(maxBytes: number | undefined) {
    this.#cache.assertUsable("set maxBytes");
    assertLimits({ maxBytes }, "set maxBytes");
    this.#cache.budget.maxBytes = maxBytes;
    this.#cache.evict();
  }

  /**
   * With `pacing: "pumped"`, runs the callbacks that wait: loaders whose bytes have arrived and their
   * later steps in `context.turn`, the most urgent first, alternating with callbacks that unload. Runs
   * at least one callback, and starts no more after `maxMs` milliseconds (4 by default). Call it once a
   * frame. Called by such a callback, it does nothing. O(callbacks that it runs).
   *
   * @returns How many callbacks still wait.
   * @throws {RangeError} `maxMs` or `maxUploadBytes` is not a number of 0 or more.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source, pacing: "pumped" });
   * const frames = setInterval(() => mgr.pump({ maxMs: 4 }), 1000 / 60); // or in the game's loop
   * using hero = await mgr.loadAsync("hero.txt");
   * clearInterval(frames);
   * assertEquals(hero.value, "@");
   * assertEquals(mgr.pump(), 0); // nothing waits
   * ```
   */
  pump(options: PumpOptions = {}): number {
    this.#cache.assertUsable("pump");
    return pump(this.#cache.unloading.work, options);
  }

  /**
   * Unloads every idle resource, and every resource that becomes idle as a result. O(idle resources).
   *
   * @returns How many resources were unloaded.
   * @throws What unloading throws, after all of these resources were unloaded.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source, idle: "keep" });
   * mgr.load("hero.txt", Text)[Symbol.dispose]();
   * assertEquals(mgr.unloadUnused(), 1);
   * assertEquals(mgr.size, 0);
   * ```
   */
  unloadUnused(): number {
    this.#cache.assertUsable("unload what is unused");
    return this.#cache.unloadIdle("unused");
  }

  /**
   * Unloads every idle resource. With `force`, withdraws all loads that are under way and unloads every
   * resource: their handles then throw on `.value`. O(idle resources); with `force`, O(resident
   * resources).
   *
   * @returns How many resources were unloaded.
   * @throws What unloading throws, after all of these resources were unloaded.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, ResourceUnloadedError, Text } from "@holdfast/resources";
   * import { assertEquals, assertThrows } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using hero = mgr.load("hero.txt", Text);
   * assertEquals(mgr.clear(), 0); // nothing is idle
   * assertEquals(mgr.clear({ force: true }), 1);
   * assertThrows(() => hero.value, ResourceUnloadedError);
   * ```
   */
  clear(options: { force?: boolean } = {}): number {
    this.#cache.assertUsable("clear the cache");
    if (!options.force) return this.#cache.unloadIdle("cleared");
    this.#flights.withdrawAll((key) => withdrawalOf(quote(key), "the cache was cleared"));
    const { count, failures } = this.#cache.unloadAll("cleared");
    throwAll(failures);
    return count;
  }

  /**
   * Reads a resource again and replaces its value in place, then does the same for all resources that
   * were made from it. Handles see the new values at once. The old values are unloaded when all are
   * replaced. A resource that cannot be reloaded keeps its old value and its dependencies, and an
   * `error` event reports why. With several names, a resource that depends on more than one of them is
   * reloaded once. O(resources that are reloaded).
   *
   * @throws {ResourceNotLoadedError} A resource is not resident.
   * @throws {ResourceLoadError} The source or the loader failed, or the resource was added and not
   * loaded.
   * @throws {LoaderNotFoundError} Its loader is asynchronous: use `reloadAsync`.
   * @throws {ResourceTypeError} The new value is not of a type that the resource was loaded as.
   * @throws {ResourceCycleError} The resource would depend on itself.
   * @throws {AggregateError} Several resources failed. Contains the error of each.
   * @throws {ResourcePathError} A name is not a valid key, leads out of the root, or is ambiguous.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * using hero = mgr.load("hero.txt", Text);
   * source.set("hero.txt", "&");
   * mgr.reload("hero.txt");
   * assertEquals([hero.value, hero.version], ["&", 2]);
   * ```
   */
  reload(name: string | readonly string[]): void {
    this.#parts.reloader.reload(this.#residents("reload", name));
  }

  /**
   * Does the same as {@linkcode ResourceManager.reload} without blocking, also with asynchronous
   * loaders. Rejects with the errors that `reload` throws. O(resources that are reloaded).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * using mgr = new ResourceManager({ source });
   * using hero = await mgr.loadAsync("hero.txt", Text);
   * source.set("hero.txt", "&");
   * await mgr.reloadAsync("hero.txt");
   * assertEquals([hero.value, hero.version], ["&", 2]);
   * ```
   */
  async reloadAsync(name: string | readonly string[]): Promise<void> {
    await this.#parts.reloader.reloadAsync(this.#residents("reload", name));
  }

  /**
   * Reloads resident resources when they change in the source, and then the resources that were made
   * from them, as `reloadAsync` does, until the result is disposed. A resource that cannot be reloaded
   * keeps its old value, and one `error` event reports why. Idle resources are reloaded too; added ones
   * are not.
   *
   * `await using` also waits for a reload that is under way. Watching files keeps the process alive, and
   * costs O(directories) at the start. A change costs O(resources that are reloaded), and next to nothing
   * if the file is not resident.
   *
   * @throws {ResourceLoadError} The source cannot watch its files, or watching them failed.
   * @throws {RangeError} `debounce` is not a number of milliseconds, 0 or more.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "sign.txt": "Beware" });
   * await using mgr = new ResourceManager({ source });
   * using sign = mgr.load("sign.txt", Text);
   * await using _watcher = mgr.watch();
   * const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
   * source.set("sign.txt", "Welcome");
   * await reloaded;
   * assertEquals([sign.value, sign.version], ["Welcome", 2]);
   * ```
   */
  watch(options: WatchOptions = {}): Disposable & AsyncDisposable {
    this.#cache.assertUsable("watch");
    return this.#parts.watcher.watch(options);
  }

  /**
   * Returns whether `name` is resident, live or idle. Does not count as a use. O(1).
   *
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.load("hero.txt", Text);
   * assertEquals([mgr.has("hero.txt"), mgr.has("villain.txt")], [true, false]);
   * ```
   */
  has(name: string): boolean {
    return this.#loading.find(name) !== undefined;
  }

  /**
   * Returns the value of `name` if it is resident. Adds no reference and does not count as a use. O(1).
   *
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.load("hero.txt", Text);
   * assertEquals([mgr.peek("hero.txt"), mgr.peek("villain.txt")], ["@", undefined]);
   * ```
   */
  peek(name: string): unknown {
    return this.#loading.find(name)?.value;
  }

  /** How many resources are resident. O(1). */
  get size(): number {
    return this.#cache.entries.size;
  }

  /** The bytes of all resident resources. O(1). */
  get bytes(): number {
    return this.#cache.budget.bytes;
  }

  /** The bytes of all idle resources. O(1). */
  get idleBytes(): number {
    return this.#cache.budget.idle.bytes;
  }

  /**
   * The bytes that {@linkcode ResourceManager.unloadUnused} would free now: those of all idle resources,
   * and of the resources that only they hold, such as the sprites of an idle level. The budget can free
   * all of them: it evicts the level first, and then the sprites.
   * O(idle resources, the resources that they hold, and the handles of those).
   *
   * @example
   * ```ts
   * import { type Loader, MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * class Level {}
   * const levelLoader: Loader<Level> = {
   *   name: "level",
   *   extensions: [".level"],
   *   load(_bytes, context) {
   *     context.load("tiles.txt", Text);
   *     return new Level();
   *   },
   *   byteLength: () => 1,
   * };
   * const source = new MemorySource({ "1.level": "", "tiles.txt": "#".repeat(99) });
   * using mgr = new ResourceManager({ source, loaders: [levelLoader], idle: "keep" });
   * mgr.load("1.level", Level)[Symbol.dispose]();
   * assertEquals([mgr.idleBytes, mgr.reclaimableBytes, mgr.bytes], [1, 100, 100]);
   * mgr.unloadUnused();
   * assertEquals(mgr.bytes, 0);
   * ```
   */
  get reclaimableBytes(): number {
    return reclaimableBytes(this.#cache);
  }

  /**
   * Returns statistics: all resident resources, and counts such as hits, misses and leaks. O(resident
   * resources).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using _hero = mgr.load("hero.txt", Text);
   * using _same = mgr.load("hero.txt", Text);
   * const { hits, misses, totalReferences } = mgr.cacheStats();
   * assertEquals([hits, misses, totalReferences], [1, 1, 2]);
   * ```
   */
  cacheStats(): CacheStats {
    return statsOf(this.#cache);
  }

  /**
   * Takes a snapshot of the resident resources: compare with it later to see what has grown. `label`
   * names it in reports. O(resident resources).
   *
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using before = mgr.snapshot("level 2");
   * using _hero = mgr.load("hero.txt", Text);
   * assertEquals(before.compare().grown.map(({ key }) => key), ["hero.txt"]);
   * ```
   */
  snapshot(label = ""): Snapshot {
    this.#cache.assertUsable("make a snapshot");
    return new Snapshot(label, this.#cache);
  }

  /**
   * Returns what references `name`: an item for each scope and each dependent resource, and one for all
   * other references. Empty if it is idle or not resident. O(handles of scopes and of dependents).
   *
   * @throws {ResourcePathError} `name` is not a valid key, leads out of the root, or is ambiguous.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * using scene = mgr.scope("title");
   * scene.load("hero.txt", Text);
   * mgr.acquire("hero.txt");
   * assertEquals(mgr.holders("hero.txt").map(({ label, handles, manual }) => [label, handles, manual]), [
   *   ["title", 1, 0],
   *   [undefined, 0, 1],
   * ]);
   * mgr.release("hero.txt");
   * ```
   */
  holders(name: string): Holder[] {
    const entry = this.#loading.find(name);
    return entry === undefined ? [] : holdersNow(entry);
  }

  /**
   * Calls `listener` for each `event`, until the result is disposed. If a listener throws, the others are
   * still called, and its error goes to the `error` event. O(listeners).
   *
   * @throws {TypeError} There is no such event, or `listener` is not a function.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
   * const reasons: string[] = [];
   * using _subscription = mgr.on("unload", ({ reason }) => reasons.push(reason));
   * mgr.load("intro.txt", Text)[Symbol.dispose]();
   * assertEquals(reasons, ["released"]);
   * ```
   */
  on<E extends keyof ResourceEvents>(
    event: E,
    listener: (event: ResourceEvents[E]) => void,
  ): Disposable {
    return this.#parts.events.on(event, listener);
  }

  /** Whether the manager is disposed. O(1). */
  get disposed(): boolean {
    return this.#cache.disposed;
  }

  /**
   * Unloads everything, and reports the handles that are still open as leaks. Later calls do nothing.
   * O(resident resources).
   *
   * @throws What unloading throws: a single error itself, several in an `AggregateError`.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * const mgr = new ResourceManager({ source, idle: "keep" });
   * mgr.load("hero.txt", Text)[Symbol.dispose](); // stays in memory, idle
   * mgr[Symbol.dispose]();
   * assertEquals([mgr.disposed, mgr.size], [true, 0]);
   * ```
   */
  [Symbol.dispose](): void {
    throwAll(this.#dispose());
  }

  /**
   * Does the same as `[Symbol.dispose]`, and also waits for loads that were under way and for
   * asynchronous unloading. Rejects with what unloading throws or rejects with: a single error itself,
   * several in an `AggregateError`. O(resident resources).
   *
   * @example
   * ```ts
   * import { ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * let saved = false;
   * {
   *   await using mgr = new ResourceManager();
   *   const unload = async () => {
   *     await Promise.resolve();
   *     saved = true;
   *   };
   *   using _state = mgr.add("state", {}, { unload });
   * }
   * assertEquals(saved, true); // the block has waited for it
   * ```
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures = this.#dispose();
    const quiet = Promise.all([this.#flights.underWay.quiet(), this.#parts.watcher.quiet()]);
    throwAll([...failures, ...await this.#cache.unloading.settled(quiet)]);
  }

  #dispose(): Failure[] {
    this.#parts.watcher.dispose();
    const failures = [...this.#flights.withdrawBundles(), ...this.#cache.dispose()];
    this.#flights.dispose();
    this.#parts.reloader.dispose();
    return failures;
  }

  #residents(action: string, names: string | readonly string[]): Entry[] {
    return [names].flat().map((name) => this.#resident(action, name));
  }

  #resident(action: string, name: string): Entry {
    this.#cache.assertUsable(action, name);
    const entry = this.#loading.find(name);
    if (entry === undefined) {
      throw new ResourceNotLoadedError(this.#parts.index.resolve(name), action);
    }
    return entry;
  }

  /**
   * What `console.log` shows.
   *
   * @ignore
   */
  static show(manager: ResourceManager, inspect: Inspect): string {
    return `ResourceManager ${inspect(summaryOf(manager.#cache))}`;
  }
}
