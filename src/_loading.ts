import type { Cache } from "./_cache.ts";
import type { Content, Entry, Owner } from "./_entry.ts";
import {
  LoaderNotFoundError,
  ManagerDisposedError,
  ResourceCycleError,
  ResourceLoadError,
  ResourceNotLoadedError,
  ResourcePathError,
  ResourceTypeError,
} from "./errors.ts";
import { type Failure, throwAll } from "./_failures.ts";
import type { Handle } from "./handle.ts";
import type { LoadContext, Loader, ResourceType } from "./loader.ts";
import type { LoaderRegistry } from "./_loader_registry.ts";
import { type NameIndex, resolveRelative } from "./_names.ts";
import { openDependency, openHandle } from "./_resource_handle.ts";
import { assertIsType, assertType, typeNameOf } from "./_resource_type.ts";
import type { Source } from "./source.ts";

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

  /** The resident entry that `name` stands for, if there is one. */
  find(name: string): Entry | undefined {
    return this.#cache.names.get(name) ?? this.#cache.entries.get(this.#names.resolve(name));
  }

  /** The entry that `name` stands for, loaded if need be, with one reference for the caller. */
  demand(name: string, type: ResourceType<unknown>): Entry {
    this.#cache.assertUsable(`load "${name}"`);
    assertIsType(name, type);
    const { version } = this.#names;
    const resident = this.find(name);
    const entry = resident !== undefined && this.#hit(resident, type)
      ? resident
      : this.#miss(this.#names.resolve(name), type);
    // A loader may have indexed its own name meanwhile, for another key.
    if (version === this.#names.version) this.#cache.remember(name, entry);
    return entry;
  }

  /** A handle for {@linkcode demand}; `caller` is the public method that was called. */
  open<T>(
    name: string,
    type: ResourceType<T>,
    holder: Owner | undefined,
    // deno-lint-ignore ban-types
    caller: Function,
  ): Handle<T> {
    return openHandle(this.demand(name, type), holder, caller);
  }

  /** A handle if `name` is resident. */
  get<T>(
    name: string,
    type: ResourceType<T>,
    // deno-lint-ignore ban-types
    caller: Function,
  ): Handle<T> | undefined {
    this.#cache.assertUsable(`get "${name}"`);
    const entry = this.find(name);
    if (entry === undefined || !this.#hit(entry, type)) return undefined;
    return openHandle(entry, undefined, caller);
  }

  /**
   * Swaps the value of `entry` in place, and then those of all that were made from it. Whatever
   * fails keeps its old value, and is told of by an `error` event and by what this throws.
   */
  reload(entry: Entry): void {
    const failures: Failure[] = [];
    for (const each of this.#reloadOrder(entry)) {
      const { key } = each;
      try {
        if (each.fate === undefined) this.#reloadOne(each);
      } catch (error) {
        failures.push({ error, key });
        this.#cache.events.fail(error, key);
        if (each === entry) break;
      }
    }
    throwAll(failures, "reload");
  }

  #reloadOne(entry: Entry): void {
    const { key } = entry;
    if (entry.added) {
      throw new ResourceLoadError(key, "it was added, so there is nothing to reload it from");
    }
    entry.pinned = true;
    try {
      this.#exchange(entry);
    } finally {
      entry.pinned = false;
      this.#cache.evict();
    }
  }

  #exchange(entry: Entry): void {
    const { key } = entry;
    const started = performance.now();
    const content = this.#read(key, entry.types);
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

  /** `entry` and all that depend on it, each after those that it depends on. */
  #reloadOrder(entry: Entry): Entry[] {
    const dependents = new Map<string, Entry[]>();
    for (const each of this.#cache.entries.values()) {
      for (const key of each.dependencies) {
        const known = dependents.get(key);
        if (known === undefined) dependents.set(key, [each]);
        else known.push(each);
      }
    }
    const order: Entry[] = [];
    const seen = new Set<Entry>();
    const visit = (each: Entry) => {
      if (seen.has(each)) return;
      seen.add(each);
      dependents.get(each.key)?.forEach(visit);
      order.push(each);
    };
    visit(entry);
    return order.reverse();
  }

  /** Takes a reference, unless the type's own check has unloaded the entry. */
  #hit(entry: Entry, type: ResourceType<unknown>): boolean {
    entry.accept(type);
    if (entry.fate !== undefined) return false;
    this.#cache.hits++;
    entry.retain();
    return true;
  }

  #miss(key: string, type: ResourceType<unknown>): Entry {
    this.#cache.misses++;
    const started = performance.now();
    const content = this.#read(key, [type]);
    // A loader that calls the manager may have made the same key resident meanwhile.
    const rival = this.#cache.entries.get(key);
    if (rival === undefined) return this.#cache.insert(key, content, type, started);
    try {
      if (this.#hit(rival, type)) return rival;
    } finally {
      this.#cache.discard(key, content);
    }
    return this.#miss(key, type);
  }

  /** Makes checked content, or leaves nothing behind. */
  #read(key: string, types: readonly ResourceType<unknown>[]): Content {
    const repeated = this.#active.indexOf(key);
    if (repeated !== -1) throw new ResourceCycleError([...this.#active.slice(repeated), key]);
    const loader = this.#synchronousLoader(key);
    const content = this.#decode(key, loader);
    try {
      for (const type of types) assertType(key, content.value, type);
      content.bytes = sizeOf(key, loader, content);
      this.#cache.assertUsable(`load "${key}"`);
      return content;
    } catch (error) {
      this.#cache.discard(key, content);
      throw error;
    }
  }

  #decode(key: string, loader: Loader<unknown>): Content {
    const dependencies = new Set<string>();
    const holder = { label: key, isResource: true };
    const context = new SynchronousContext(key, (name, type) => {
      const entry = this.#dependency(name, type);
      dependencies.add(entry.key);
      return openDependency(entry, holder);
    });
    this.#active.push(key);
    try {
      const source = this.#bytes(key);
      const bytes = source.length;
      const value = loader.load!(source, context);
      const content = { value, bytes, unloader: loader, dependencies: [...dependencies] };
      return context.disposed ? content : { ...content, context: context.move() };
    } catch (error) {
      this.#cache.discard(key, { ...NOTHING, context });
      throw wrap(key, error);
    } finally {
      this.#active.pop();
    }
  }

  #dependency(name: string, type: ResourceType<unknown>): Entry {
    const back = this.#pathToActive(this.#names.resolve(name));
    if (back.length > 0) {
      const start = this.#active.indexOf(back.at(-1)!);
      throw new ResourceCycleError([...this.#active.slice(start), ...back]);
    }
    return this.demand(name, type);
  }

  /**
   * The keys by which `key` depends on one that is being loaded; none if it does not. Only a reload
   * can close such a circle: of what is not resident yet, nothing resident was made.
   */
  #pathToActive(key: string): string[] {
    const targets = this.#active.filter((each) => this.#cache.entries.has(each));
    if (targets.length === 0) return [];
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
    const loader = this.#loaders.find(key)?.loader;
    if (loader?.load !== undefined) return loader;
    throw new LoaderNotFoundError(key, this.#loaders.extensions, loader?.name);
  }

  #bytes(key: string): Uint8Array<ArrayBuffer> {
    if (this.#source.read === undefined) {
      throw new ResourceLoadError(key, "its source reads only asynchronously, use loadAsync");
    }
    const bytes = this.#source.read(key);
    if (bytes instanceof Uint8Array) return bytes;
    throw new TypeError(`the source gave a ${typeNameOf(bytes)} where a Uint8Array was expected`);
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

/** The context of a synchronous load. What it holds outlives it as the entry's. */
class SynchronousContext extends DisposableStack implements LoadContext {
  readonly key: string;
  readonly #open: <T>(name: string, type: ResourceType<T>) => Handle<T>;

  constructor(key: string, open: <T>(name: string, type: ResourceType<T>) => Handle<T>) {
    super();
    this.key = key;
    this.#open = open;
  }

  load<T>(name: string, type: ResourceType<T>): Handle<T> {
    this.#assertOpen(name);
    const handle = this.#open(resolveRelative(name, this.key), type);
    if (this.disposed) handle[Symbol.dispose](); // By what was loaded just now.
    this.#assertOpen(name);
    return this.use(handle);
  }

  #assertOpen(name: string): void {
    if (!this.disposed) return;
    throw new ReferenceError(`Cannot load "${name}": the load of "${this.key}" has ended`);
  }
}

/** What is left to unload of a load that made no value. */
const NOTHING: Content = { value: undefined, bytes: 0, unloader: {}, dependencies: [] };

function sizeOf(key: string, loader: Loader<unknown>, content: Content): number {
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

/** Errors that say by themselves what is wrong with which key. */
const CLEAR = [
  LoaderNotFoundError,
  ManagerDisposedError,
  ResourceCycleError,
  ResourcePathError,
  ResourceTypeError,
];

/** What was thrown that is no error: it may be anything, even what cannot become a string. */
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : `${typeNameOf(thrown)} was thrown`;
}

/** What a caller of `load` gets for what a source or a loader threw. */
export function wrap(key: string, error: unknown): unknown {
  if (CLEAR.some((kind) => error instanceof kind)) return error;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  if (error instanceof ResourceLoadError && error.key === key) return error;
  const problem = error instanceof Error ? error.message : describe(error);
  return new ResourceLoadError(key, problem, { cause: error });
}
