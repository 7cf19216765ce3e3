import type { Cache } from "../cache/cache.ts";
import { type Content, type Entry, NOTHING } from "../cache/entry.ts";
import { type Ask, UNOWNED } from "../cache/observers.ts";
import { attempt } from "../contract/attempt.ts";
import { failureOf, ResourceCycleError } from "../contract/errors.ts";
import type { Handle } from "../contract/handle.ts";
import type { Loader } from "../contract/loader.ts";
import type { LoadOptions } from "../contract/task.ts";
import { handleOf, openHandle } from "../handles/resource_handle.ts";
import type { Caller } from "../leaks/call_sites.ts";
import type { LeaseDetails, LeaseHolder } from "../leaks/leases.ts";
import { pathOf } from "../names/key.ts";
import type { NameIndex } from "../names/name_index.ts";
import { type AskedType, assertIsType, assertType } from "../names/resource_type.ts";
import type { Telemetry } from "../report/telemetry.ts";
import { assertNoCycle } from "./cycles.ts";
import type { Flight } from "./flight.ts";
import { SynchronousContext } from "./load_context.ts";
import { make, makes, refusePromise, updates } from "./making.ts";
import { type Followers, Progress } from "./progress.ts";
import type { Reader } from "./reader.ts";
import { exactSize } from "./size.ts";

/** What {@linkcode Loading} needs. */
export interface LoadingParts {
  readonly cache: Cache;
  readonly reader: Reader;
  readonly index: NameIndex;
  readonly telemetry: Telemetry | undefined;
  /**
   * Called for an entry that is stale when it lands: its source or a dependency changed meanwhile.
   */
  readonly onStale: (entry: Entry) => void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * A load that failed: what its loader asked for, whether its source has changed since it was read,
 * and when it failed, in ticks of the cache.
 */
interface LoadFailure {
  readonly asked: ReadonlySet<string>;
  readonly isStale: boolean;
  readonly at: number;
}

/** Turns names into resident entries: reads, decodes, checks, and undoes all of it when a step fails. */
export class Loading {
  readonly cache: Cache;
  readonly reader: Reader;
  readonly telemetry: Telemetry | undefined;
  /**
   * Where a warm load looks: the table of the cache, or an empty one if every load has to be
   * observed.
   */
  readonly warm: Map<string, Entry>;
  readonly #index: NameIndex;
  readonly onStale: (entry: Entry) => void;
  /** The synchronous loads that are under way, each begun by the loader of the one before. */
  readonly active: SynchronousContext[] = [];
  /** The last failures, by key. */
  readonly #failures = new Map<string, LoadFailure>();
  /** The asynchronous loads that are under way, by key. */
  readonly flights: Map<string, Flight> = new Map();
  /** The progress reports of the asynchronous load whose loader is loading synchronously. */
  followers: Followers | undefined;

  constructor(parts: LoadingParts) {
    this.cache = parts.cache;
    this.reader = parts.reader;
    this.telemetry = parts.telemetry;
    this.warm = parts.telemetry || parts.cache.leaks.watchesAll
      ? new Map()
      : parts.cache.entries.warm;
    this.#index = parts.index;
    this.onStale = parts.onStale;
  }

  /** The key that `name` stands for. */
  keyOf(name: string): string {
    return this.#index.resolve(name);
  }

  /**
   * The key under which a progress counts `name`. An invalid name gets one that no resource has.
   */
  partOf(name: string): string {
    return attempt(() => this.keyOf(name)) ?? `\0${String(name)}`;
  }

  /** Begins to report the progress of loading `parts` to `tell`. */
  progress(tell: NonNullable<LoadOptions["onProgress"]>, parts: Iterable<string>): Progress {
    const sizeOf = (key: string) => this.reader.size(key);
    return new Progress(tell, parts, { events: this.cache.events, sizeOf });
  }

  /** The resident entry that `name` stands for, if there is one. */
  find(name: string): Entry | undefined {
    return this.cache.entries.find(name) ?? this.cache.entries.get(this.keyOf(name));
  }

  /**
   * Lets later loads of `name` find `entry` at once, unless `name` stands for another key by now.
   */
  remember(name: string, entry: Entry): void {
    if (name === entry.key || !this.#index.leadsTo(name, entry.key)) return;
    this.cache.entries.remember(name, entry);
  }

  /** The entry that `name` stands for, loaded if it is not resident, with one reference for the caller. */
  demand(name: string, type: AskedType, ask: Ask = UNOWNED): Entry {
    const { entries } = this.cache;
    const found = entries.find(name);
    if (
      found && (found.type === type || type === undefined) &&
      this.hit(found, type, ask)
    ) return found;
    this.cache.assertUsable("load", name);
    assertIsType(name, type);
    const { version } = this.#index;
    const key = found ? found.key : this.keyOf(name);
    // If `name` is the key, it was looked up already.
    let entry = found ?? (key === name ? undefined : entries.get(key));
    if (!entry || !this.hit(entry, type, ask)) entry = this.#trace(key, type, ask);
    // A loader may have indexed `name` for another key meanwhile.
    if (version === this.#index.version) entries.remember(name, entry);
    return entry;
  }

  /** The same as {@linkcode demand}, but faster if `name` is warm. */
  take(name: string, type: AskedType, ask: Ask): Entry {
    const entry = this.warm.get(name);
    if (entry === undefined || entry.type !== type && !isWarm(entry, type)) {
      return this.demand(name, type, ask);
    }
    const { cache } = this;
    cache.hits++;
    if (entry.count++ === 0 || entry.observed) cache.retained(entry, ask);
    return entry;
  }

  /**
   * Opens a handle of what {@linkcode demand} returns; `caller` is the public method that was
   * called.
   */
  open<T>(
    name: string,
    type: AskedType,
    known: (LeaseDetails & Ask) | undefined,
    caller: Caller,
  ): Handle<T> {
    return openHandle(this.demand(name, type, known), known, caller);
  }

  /** Opens a handle if `name` is resident. */
  get<T>(name: string, type: AskedType, caller: Caller): Handle<T> | undefined {
    this.cache.assertUsable("get", name);
    assertIsType(name, type);
    const entry = this.find(name);
    if (!entry) return undefined;
    if (!this.hit(entry, type, {})) return this.get(name, type, caller); // Its own check unloaded it.
    return openHandle(entry, undefined, caller);
  }

  /**
   * Takes a reference, and returns whether it did: the type's own check may have unloaded the
   * entry.
   */
  hit(entry: Entry, type: AskedType, ask: Ask): boolean {
    entry.accept(type);
    if (entry.fate !== undefined) return false;
    this.cache.hits++;
    this.telemetry?.hit(entry);
    entry.retain(ask);
    return true;
  }

  /** Makes content resident, and serves the waiters of an asynchronous load of the key. */
  insert(
    key: string,
    content: Content,
    type: AskedType,
    { started, ask }: { started: number; ask: Ask },
  ): Entry {
    const entry = this.cache.insert(key, content, type, started);
    if (entry.observed) this.cache.observers.tell("asked", entry, ask);
    this.flights.get(key)?.superseded(entry);
    this.landed(entry, content);
    return entry;
  }

  /** Forgets the last failure of its key, and reports an entry that was made from something old. */
  landed(entry: Entry, { stale }: Content): void {
    if (this.#failures.size > 0) this.#failures.delete(entry.key);
    if (stale || this.cache.isStale(entry)) this.onStale(entry);
  }

  /**
   * Remembers what the loader of `key` asked for before it failed, and whether its source has
   * changed since.
   */
  failed(key: string, asked: ReadonlySet<string> = NONE, isStale = false): void {
    if (asked.size === 0 && !isStale) this.#failures.delete(key);
    else this.#failures.set(key, { asked, isStale, at: this.cache.tick() });
  }

  /**
   * The keys whose change may repair the failed load of `key`: `key` itself, everything that was
   * asked for on the way, and the paths of their files. `isStale` says whether one of them
   * changed while it was being loaded, and is still loading or failed after `began`.
   */
  neededFor(key: string, began: number): { needed: Set<string>; isStale: boolean } {
    const needed = new Set([key, pathOf(key)]);
    let isStale = false;
    for (const each of needed) { // It grows during the loop.
      const flight = this.flights.get(each);
      isStale ||= flight?.isStale === true;
      const failure = this.#failures.get(each);
      if (!failure) continue;
      for (const asked of failure.asked) needed.add(asked).add(pathOf(asked));
      isStale ||= failure.isStale && failure.at > began;
    }
    return { needed, isStale };
  }

  /**
   * Notes that the file at `path` has changed, and so what is being made from it may be old.
   * O(loads under way).
   */
  changed(path: string): void {
    const tick = this.cache.tick();
    for (const each of [...this.flights.values(), ...this.active]) {
      if (pathOf(each.key) === path) each.changed = tick;
    }
  }

  /** Opens a handle of `name` for a loader, whose resource then depends on it. */
  dependency<T>(
    name: string,
    type: AskedType,
    { chain, holder }: { chain: readonly string[]; holder: LeaseHolder },
  ): Handle<T> {
    this.assertNoCycle(name, chain);
    const known = { holder, blocks: true };
    const handle = handleOf<T>(this.demand(name, type, known), known, false);
    this.followers?.found(handle.key);
    return handle;
  }

  /**
   * Throws if `name` is resident and was made from one of `active`, the keys that are being loaded.
   */
  assertNoCycle(name: string, active: readonly string[]): void {
    assertNoCycle(this.cache.entries, active, () => this.keyOf(name));
  }

  /**
   * Throws if `key` would depend on itself by `dependencies`: reloads that run side by side can
   * close a cycle.
   */
  assertNoCycleOf(key: string, dependencies: Iterable<string> = []): void {
    for (const name of dependencies) assertNoCycle(this.cache.entries, [key], () => name);
  }

  /** Loads what is not resident, in a span if there is telemetry. */
  #trace(key: string, type: AskedType, ask: Ask): Entry {
    if (!this.telemetry) return this.#miss(key, type, ask);
    return this.telemetry.load(key, () => this.#miss(key, type, ask));
  }

  #miss(key: string, type: AskedType, ask: Ask): Entry {
    this.cache.misses++;
    const { started } = this.cache;
    const content = this.decode(key);
    this.check(key, content, [type]);
    // A loader that calls the manager may have made the same key resident meanwhile.
    const rival = this.cache.entries.get(key);
    if (!rival) return this.insert(key, content, type, { started, ask });
    try {
      if (this.hit(rival, type, ask)) return rival;
    } finally {
      this.cache.discard(key, content);
    }
    return this.#miss(key, type, ask);
  }

  /**
   * Checks the types of content, and sets its size. Throws if something is wrong, and unloads the
   * value first.
   */
  check(key: string, content: Content, types: readonly AskedType[]): void {
    try {
      for (const type of types) assertType(key, content.value, type);
      content.bytes = sizeOf(key, content, this.cache.budget);
      this.cache.assertUsable("load", key);
    } catch (error) {
      this.cache.discard(key, content);
      throw error;
    }
  }

  /**
   * Reads and decodes synchronously. If that fails, it releases what the loader has taken. In a
   * reload, it changes the value of `old` in place if the loader can.
   */
  decode(key: string, old?: Entry): Content {
    const otherwise = old === undefined ? "loadAsync" : "reloadAsync";
    const loader = this.reader.loaderOf(key, otherwise);
    const repeated = this.active.findIndex((each) => each.key === key);
    if (repeated !== -1) {
      const chain = this.active.slice(repeated).map((each) => each.key);
      throw new ResourceCycleError([...chain, key]);
    }
    const context = new SynchronousContext(key, this);
    this.active.push(context);
    this.followers?.expect(key);
    try {
      const data = makes(loader) ? undefined : this.reader.read(key, otherwise);
      const bytes = data?.length ?? 0;
      this.followers?.read(key, bytes, bytes);
      const known = old?.value; // The update may replace it.
      const isUpdated = updates(loader, old) &&
        refusePromise(loader.update!(known, data!, context), loader, "update") !== false;
      const value = isUpdated ? known : make(loader, data, context);
      const { began: read, changed } = context;
      const stale = changed > read;
      return context.end({ value, bytes, unloader: loader, read, stale, isUpdated });
    } catch (error) {
      this.failed(key, context.asked, context.changed > context.began);
      this.cache.unwind(key, context);
      throw failureOf(key, error);
    } finally {
      this.active.pop();
      this.followers?.end(key);
    }
  }
}

/**
 * Whether a load without a type may take `entry` at once. {@linkcode NOTHING} marks the entries
 * that no warm load may take.
 */
export function isWarm(entry: Entry, type: AskedType): boolean {
  return type === undefined && entry.type !== NOTHING;
}

function sizeOf(key: string, content: Content, all: { readonly bytes: number }): number {
  const loader = content.unloader as Loader<unknown>;
  try {
    const size = loader.byteLength === undefined ? content.bytes : loader.byteLength(content.value);
    return exactSize(
      size,
      all.bytes,
      (wanted) =>
        `the loader "${loader.name}" returned ${String(size)} as its byteLength, use ${wanted}`,
    );
  } catch (error) {
    throw failureOf(key, error);
  }
}
