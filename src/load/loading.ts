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

/** What loading works with. */
export interface LoadingParts {
  readonly cache: Cache;
  readonly reader: Reader;
  readonly index: NameIndex;
  readonly telemetry: Telemetry | undefined;
  /** Called for an entry that was old when it landed: its source or a dependency has changed since. */
  readonly onStale: (entry: Entry) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** A load that failed: what its loader asked for, and whether its source has changed since it was read. */
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
  /** What a warm load looks at: the cache's table, or an empty one if each load needs more. */
  readonly warm: Map<string, Entry>;
  readonly #index: NameIndex;
  readonly onStale: (entry: Entry) => void;
  /** The synchronous loads that are under way, each by the loader of the one before. */
  readonly active: SynchronousContext[] = [];
  /** The last failures, by key. */
  readonly #failures = new Map<string, LoadFailure>();
  /** The asynchronous loads that are under way, by key. */
  readonly flights: Map<string, Flight> = new Map();
  /** Those who follow the progress of the load whose loader is loading synchronously. */
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

  /** What `name` counts as in a progress: its key, or what no key can be if it stands for none. */
  partOf(name: string): string {
    return attempt(() => this.keyOf(name)) ?? `\0${String(name)}`;
  }

  /** The progress of a load of `parts`, for `tell`. */
  progress(tell: NonNullable<LoadOptions["onProgress"]>, parts: Iterable<string>): Progress {
    const sizeOf = (key: string) => this.reader.size(key);
    return new Progress(tell, parts, { events: this.cache.events, sizeOf });
  }

  /** The resident entry that `name` stands for, if there is one. */
  find(name: string): Entry | undefined {
    return this.cache.entries.find(name) ?? this.cache.entries.get(this.keyOf(name));
  }

  /** Lets `name` lead to `entry` at once from here on, if it has not come to stand for another key. */
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
    // A name that is a key was looked for already.
    let entry = found ?? (key === name ? undefined : entries.get(key));
    if (!entry || !this.hit(entry, type, ask)) entry = this.#trace(key, type, ask);
    // A loader may have indexed its own name meanwhile, for another key.
    if (version === this.#index.version) entries.remember(name, entry);
    return entry;
  }

  /** What {@linkcode demand} gives, in less time if `name` is warm. */
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

  /** A handle for {@linkcode demand}; `caller` is the public method that was called. */
  open<T>(
    name: string,
    type: AskedType,
    known: (LeaseDetails & Ask) | undefined,
    caller: Caller,
  ): Handle<T> {
    return openHandle(this.demand(name, type, known), known, caller);
  }

  /** A handle if `name` is resident. */
  get<T>(name: string, type: AskedType, caller: Caller): Handle<T> | undefined {
    this.cache.assertUsable("get", name);
    assertIsType(name, type);
    const entry = this.find(name);
    if (!entry) return undefined;
    if (!this.hit(entry, type, {})) return this.get(name, type, caller); // Its own check unloaded it.
    return openHandle(entry, undefined, caller);
  }

  /** Takes a reference, unless the type's own check has unloaded the entry. */
  hit(entry: Entry, type: AskedType, ask: Ask): boolean {
    entry.accept(type);
    if (entry.fate !== undefined) return false;
    this.cache.hits++;
    this.telemetry?.hit(entry);
    entry.retain(ask);
    return true;
  }

  /** Makes content resident, also for those who wait for an asynchronous load of the key. */
  insert(
    key: string,
    content: Content,
    type: AskedType,
    { started, ask }: { started: number; ask?: Ask },
  ): Entry {
    const entry = this.cache.insert(key, content, type, started);
    if (entry.observed && ask) this.cache.observers.tell("asked", entry, ask);
    this.flights.get(key)?.superseded(entry);
    this.landed(entry, content);
    return entry;
  }

  /** Sees to an entry that was made of something old. */
  landed(entry: Entry, { stale }: Content): void {
    if (this.#failures.size > 0) this.#failures.delete(entry.key);
    if (stale || this.cache.isStale(entry)) this.onStale(entry);
  }

  /** Remembers what the loader of `key` asked for in vain, and whether it was made of what is old now. */
  failed(key: string, asked: ReadonlySet<string> = NONE, isStale = false): void {
    if (asked.size === 0 && !isStale) this.#failures.delete(key);
    else this.#failures.set(key, { asked, isStale, at: this.cache.tick() });
  }

  /**
   * What may mend the failed load of `key`: that, and all that was asked for on the way, with the paths of
   * their files. It is stale if one of those has changed while it was being loaded, since `began`.
   */
  neededFor(key: string, began: number): { needed: Set<string>; isStale: boolean } {
    const needed = new Set([key, pathOf(key)]);
    let isStale = false;
    for (const each of needed) {
      const failure = this.#failures.get(each);
      if (!failure) continue;
      for (const asked of failure.asked) needed.add(asked).add(pathOf(asked));
      isStale ||= failure.isStale && failure.at > began;
    }
    return { needed, isStale };
  }

  /** The file at `path` has changed: what is being made of it may be old. O(loads under way). */
  changed(path: string): void {
    const tick = this.cache.tick();
    for (const each of [...this.flights.values(), ...this.active]) {
      if (pathOf(each.key) === path) each.changed = tick;
    }
  }

  /** A handle for the resource of `context`, which depends on `name`. */
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

  /** Throws if `name` is resident and was made from one of those that are being loaded. */
  assertNoCycle(name: string, active: readonly string[]): void {
    assertNoCycle(this.cache.entries, active, () => this.keyOf(name));
  }

  /** Throws if `key` would depend on itself by `dependencies`: side by side, reloads may close a cycle. */
  assertNoCycleOf(key: string, dependencies: Iterable<string> = []): void {
    for (const name of dependencies) assertNoCycle(this.cache.entries, [key], () => name);
  }

  /** A miss, in a span where there is telemetry. */
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

  /** Checks that content is of `types`, and sizes it. Throws what is wrong, and unloads it then. */
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
   * Reads and decodes synchronously. Gives back what the loader has taken if that fails. The value of
   * `old`, which is being reloaded, is changed in place if its loader can.
   */
  decode(key: string, old?: Entry): Content {
    const loader = this.reader.loaderOf(key, true);
    const repeated = this.active.findIndex((each) => each.key === key);
    if (repeated !== -1) {
      const chain = this.active.slice(repeated).map((each) => each.key);
      throw new ResourceCycleError([...chain, key]);
    }
    const context = new SynchronousContext(key, this);
    this.active.push(context);
    this.followers?.expect(key);
    try {
      const source = makes(loader) ? undefined : this.reader.read(key);
      const bytes = source?.length ?? 0;
      this.followers?.read(key, bytes, bytes);
      const known = old?.value; // What is called may replace it.
      const isUpdated = updates(loader, old) &&
        refusePromise(loader.update!(known, source!, context), loader, "update") !== false;
      const value = isUpdated ? known : make(loader, source, context);
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

/** Whether a warm load without a type may take what it has found: not what stands for nobody, or leaks. */
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
        `the loader "${loader.name}" gave ${String(size)} as its byteLength, use ${wanted}`,
    );
  } catch (error) {
    throw failureOf(key, error);
  }
}
