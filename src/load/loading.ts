import type { Caller } from "../leaks/nursery.ts";
import type { Cache } from "../cache/cache.ts";
import type { Content, Entry, LeaseDetails, Owner } from "../cache/entry.ts";
import {
  LoaderNotFoundError,
  ResourceCycleError,
  ResourceLoadError,
  ResourceNotLoadedError,
} from "../contract/errors.ts";
import { type Failure, throwAll } from "../cache/failures.ts";
import type { Handle } from "../contract/handle.ts";
import { SynchronousContext } from "./load_context.ts";
import { wrap } from "./load_failure.ts";
import type { Loader, ResourceType } from "../contract/loader.ts";
import type { LoaderRegistry } from "../names/loader_registry.ts";
import type { NameIndex } from "../names/names.ts";
import { ReloadPlan } from "../reload/plan.ts";
import { handleOf, openHandle } from "../handles/resource_handle.ts";
import { assertIsType, assertType, typeNameOf } from "../names/resource_type.ts";
import type { ReadOptions, Source } from "../contract/source.ts";

/** Turns names into resident entries: reads, decodes, checks, and undoes all of it when a step fails. */
export class Loading {
  readonly #cache: Cache;
  readonly #source: Source;
  readonly #loaders: LoaderRegistry;
  readonly #names: NameIndex;
  /** The keys that are being loaded, each by the loader of the one before. */
  readonly #active: string[] = [];

  constructor(cache: Cache, source: Source, loaders: LoaderRegistry, names: NameIndex) {
    this.#cache = cache;
    this.#source = source;
    this.#loaders = loaders;
    this.#names = names;
  }

  /** The key that `name` stands for. */
  keyOf(name: string): string {
    return this.#names.resolve(name);
  }

  /** The loader that reads `key`, if there is one. */
  loaderOf(key: string): Loader<unknown> | undefined {
    return this.#loaders.find(key)?.loader;
  }

  /** The extensions that have a loader. */
  get extensions(): readonly string[] {
    return this.#loaders.extensions;
  }

  /** The resident entry that `name` stands for, if there is one. */
  find(name: string): Entry | undefined {
    return this.#cache.entries.find(name) ?? this.#cache.entries.get(this.keyOf(name));
  }

  /** The entry that `name` stands for, loaded if need be, with one reference for the caller. */
  demand(name: string, type: ResourceType<unknown>): Entry {
    const { entries } = this.#cache;
    const found = entries.find(name);
    if (found !== undefined && found.type === type && this.hit(found, type)) return found;
    this.#cache.assertUsable("load", name);
    assertIsType(name, type);
    const { version } = this.#names;
    const key = found === undefined ? this.#names.resolve(name) : found.key;
    let entry = found ?? entries.get(key);
    if (entry === undefined || !this.hit(entry, type)) entry = this.#trace(key, type);
    // A loader may have indexed its own name meanwhile, for another key.
    if (version === this.#names.version) entries.remember(name, entry);
    return entry;
  }

  /** A handle for {@linkcode demand}; `caller` is the public method that was called. */
  open<T>(
    name: string,
    type: ResourceType<T>,
    known: LeaseDetails | undefined,
    caller: Caller,
  ): Handle<T> {
    return openHandle(this.demand(name, type), known, caller);
  }

  /** A handle if `name` is resident. */
  get<T>(
    name: string,
    type: ResourceType<T>,
    caller: Caller,
  ): Handle<T> | undefined {
    this.#cache.assertUsable("get", name);
    assertIsType(name, type);
    const entry = this.find(name);
    if (entry === undefined || !this.hit(entry, type)) return undefined;
    return openHandle(entry, undefined, caller);
  }

  /**
   * Swaps the value of `entry` in place, and then those of all that were made from it. Whatever
   * fails keeps its old value, and is told of by an `error` event and by what this throws.
   */
  reload(entry: Entry): void {
    const failures: Failure[] = [];
    const plan = new ReloadPlan([entry], this.#cache.dependents);
    for (const each of plan) {
      try {
        this.#reloadOne(each);
        plan.swapped(each);
      } catch (error) {
        failures.push(this.#failed(each, error));
      }
    }
    throwAll(failures, "reload");
  }

  /** The same without blocking; `one` reads and swaps a single entry. */
  async reloadAsync(entry: Entry, one: (entry: Entry) => Promise<void>): Promise<void> {
    const failures: Failure[] = [];
    const failed = (each: Entry, error: unknown) => {
      // What was unloaded meanwhile, nobody misses but whoever has named it.
      if (each === entry || each.fate === undefined) failures.push(this.#failed(each, error));
    };
    await this.reloadAll([entry], { one, failed });
    throwAll(failures, "reload");
  }

  /**
   * Reloads several without blocking, one after another, and once each all that depend on them.
   * `failed` is told what kept its old value, and why.
   */
  async reloadAll(
    roots: readonly Entry[],
    { one, failed }: {
      one: (entry: Entry) => Promise<void>;
      failed: (entry: Entry, error: unknown) => void;
    },
  ): Promise<void> {
    const plan = new ReloadPlan(roots, this.#cache.dependents);
    for (const each of plan) {
      try {
        await this.#pinnedAsync(each, () => one(each));
        plan.swapped(each);
      } catch (error) {
        failed(each, error);
      }
    }
  }

  #failed({ key }: Entry, error: unknown): Failure {
    this.#cache.events.fail(error, key);
    return { error, key };
  }

  async #pinnedAsync(entry: Entry, run: () => Promise<void>): Promise<void> {
    assertLoaded(entry);
    entry.pinned++;
    try {
      await run();
    } finally {
      entry.pinned--;
      this.#cache.evict();
    }
  }

  #reloadOne(entry: Entry): void {
    assertLoaded(entry);
    const { key } = entry;
    const started = performance.now();
    entry.pinned++;
    try {
      this.swap(entry, this.#decode(key, this.#synchronousLoader(key)), started);
    } finally {
      entry.pinned--;
      this.#cache.evict();
    }
  }

  /** Puts new content into `entry`, if it is still resident and of its types. */
  swap(entry: Entry, content: Content, started: number): void {
    const { key } = entry;
    this.check(key, content, entry.types);
    if (entry.fate !== undefined) {
      this.#cache.discard(key, content);
      throw new ResourceNotLoadedError(key, "reload");
    }
    this.#cache.swap(entry, content);
    if (this.#cache.events.has("reload")) {
      const { version } = entry;
      this.#cache.events.emit("reload", { key, version, ms: performance.now() - started });
    }
  }

  /** Takes a reference, unless the type's own check has unloaded the entry. */
  hit(entry: Entry, type: ResourceType<unknown>): boolean {
    entry.accept(type);
    if (entry.fate !== undefined) return false;
    this.#cache.hits++;
    this.#cache.telemetry?.hit(entry);
    entry.retain();
    return true;
  }

  /** A miss, in a span where there is telemetry. */
  #trace(key: string, type: ResourceType<unknown>): Entry {
    const { telemetry } = this.#cache;
    if (telemetry === undefined) return this.#miss(key, type);
    return telemetry.load(key, () => this.#miss(key, type));
  }

  #miss(key: string, type: ResourceType<unknown>): Entry {
    this.#cache.misses++;
    const { started } = this.#cache;
    const content = this.#decode(key, this.#synchronousLoader(key));
    this.check(key, content, [type]);
    // A loader that calls the manager may have made the same key resident meanwhile.
    const rival = this.#cache.entries.get(key);
    if (rival === undefined) return this.#cache.insert(key, content, type, started);
    try {
      if (this.hit(rival, type)) return rival;
    } finally {
      this.#cache.discard(key, content);
    }
    return this.#miss(key, type);
  }

  /** Checks that content is of `types`, and sizes it. Throws what is wrong, and unloads it then. */
  check(key: string, content: Content, types: readonly ResourceType<unknown>[]): void {
    try {
      for (const type of types) assertType(key, content.value, type);
      content.bytes = sizeOf(key, content);
      this.#cache.assertUsable("load", key);
    } catch (error) {
      this.#cache.discard(key, content);
      throw error;
    }
  }

  #decode(key: string, loader: Loader<unknown>): Content {
    const repeated = this.#active.indexOf(key);
    if (repeated !== -1) throw new ResourceCycleError([...this.#active.slice(repeated), key]);
    const holder = { label: key, isResource: true };
    const context = new SynchronousContext(key, (name, type) => {
      this.assertNoCycle(name, this.#active);
      return this.dependency(name, type, holder);
    });
    this.#active.push(key);
    try {
      const source = this.#bytes(key);
      const bytes = source.length;
      const value = refusePromise(loader.load!(source, context), loader);
      return { value, bytes, unloader: loader, ...context.end() };
    } catch (error) {
      this.#cache.unwind(key, context);
      throw wrap(key, error);
    } finally {
      this.#active.pop();
    }
  }

  /** A handle for a resource that depends on `name`; `holder` says which. */
  dependency<T>(name: string, type: ResourceType<T>, holder: Owner): Handle<T> {
    return handleOf(this.demand(name, type), { holder }, false);
  }

  /**
   * Throws if `name` is resident and was made from one of those that are being loaded, `active`, each
   * by the loader of the one before. Only a reload can close such a circle: of what is not resident
   * yet, nothing resident was made.
   */
  assertNoCycle(name: string, active: readonly string[]): void {
    const targets = active.filter((each) => this.#cache.entries.has(each));
    const back = targets.length === 0 ? [] : this.#path(this.keyOf(name), targets);
    if (back.length === 0) return;
    throw new ResourceCycleError([...active.slice(active.indexOf(back.at(-1)!)), ...back]);
  }

  /** The keys by which `key` depends on one of `targets`; none if it does not. */
  #path(key: string, targets: readonly string[]): string[] {
    const from = new Map<string, string | undefined>([[key, undefined]]);
    for (const [each] of from) {
      if (targets.includes(each)) return pathFrom(each, from);
      for (const dependency of this.#cache.entries.get(each)?.dependencies ?? []) {
        if (!from.has(dependency)) from.set(dependency, each);
      }
    }
    return [];
  }

  #synchronousLoader(key: string): Loader<unknown> {
    const loader = this.loaderOf(key);
    if (loader?.load !== undefined) return loader;
    throw new LoaderNotFoundError(key, this.#loaders.extensions, loader?.name);
  }

  #bytes(key: string): Uint8Array<ArrayBuffer> {
    if (this.#source.read === undefined) {
      throw new ResourceLoadError(key, "its source reads only asynchronously, use loadAsync");
    }
    return assertBytes(this.#source.read(key));
  }

  /** The bytes of `key`, or a promise of them if the source can do without blocking. */
  read(
    key: string,
    options: ReadOptions,
  ): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
    const source = this.#source;
    if (source.readAsync !== undefined) return source.readAsync(key, options);
    if (source.read !== undefined) return source.read(key);
    throw new ResourceLoadError(key, "its source has neither read nor readAsync");
  }
}

/** The way to `key`, where `from` says for each key which one led to it. */
function pathFrom(key: string, from: Map<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let each: string | undefined = key; each !== undefined; each = from.get(each)) {
    path.unshift(each);
  }
  return path;
}

function assertLoaded({ key, added }: Entry): void {
  if (!added) return;
  const problem = "it was added, so there is nothing to reload it from";
  throw new ResourceLoadError(key, problem, { action: "reload" });
}

export function assertBytes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`the source gave a ${typeNameOf(bytes)} where a Uint8Array was expected`);
}

/** Throws if a `load` is an `async` function: its promise would be taken for the value. */
export function refusePromise(value: unknown, loader: Loader<unknown>): unknown {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError(
    `the load of its loader "${loader.name}" gave a promise, make it synchronous or call it loadAsync`,
  );
}

function sizeOf(key: string, content: Content): number {
  const loader = content.unloader as Loader<unknown>;
  if (loader.byteLength === undefined) return content.bytes;
  try {
    const size = loader.byteLength(content.value);
    if (Number.isFinite(size) && size >= 0) return Math.ceil(size);
    throw new RangeError(
      `the loader "${loader.name}" gave ${size} as its byteLength, use a finite number of bytes`,
    );
  } catch (error) {
    throw wrap(key, error);
  }
}
