import type { Cache } from "../cache/cache.ts";
import type { Content, Entry } from "../cache/entry.ts";
import {
  type Failure,
  ResourceLoadError,
  ResourceNotLoadedError,
  throwAll,
} from "../contract/errors.ts";
import type { AddOptions } from "../contract/options.ts";
import { addedContent } from "../load/added.ts";
import type { Flights } from "../load/flights.ts";
import type { Loading } from "../load/loading.ts";
import { assertType } from "../names/resource_type.ts";
import { ReloadPlan } from "./reload_plan.ts";
import { Superseded } from "./superseded.ts";

/** A reload that is under way: what is due, and what it has replaced. */
interface Run {
  readonly plan: ReloadPlan;
  readonly old: Superseded;
  /** What it has come to. None of these is evicted before it ends: old values still hold theirs. */
  readonly pinned: Entry[];
}

/** Swaps the values of entries in place, and then those of all that were made from them. */
export class Reloader {
  readonly loading: Loading;
  readonly #cache: Cache;
  readonly #flights: Flights;
  readonly #runs = new Set<Run>();
  /**
   * The old values that are not unloaded yet: of reloads that are under way, and those from which
   * something was made that could not be reloaded.
   */
  readonly #old = new Set<Content>();
  /** When keys changed in the source, as long as something is being reloaded: ticks. */
  readonly #changes = new Map<string, number>();
  /** What could not be reloaded, by the keys that its loader asked for. */
  readonly #failed = new Map<Entry, ReadonlySet<string>>();

  constructor(flights: Flights) {
    this.loading = flights.loading;
    this.#cache = flights.loading.cache;
    this.#flights = flights;
  }

  /** Throws, and raises an `error` event for, each entry that fails and so keeps its old value. */
  reload(entries: readonly Entry[]): void {
    const failures: Failure[] = [];
    this.#run(entries, (run) => this.#reloadAll(run, failures));
    throwAll(failures, "reload");
  }

  /** The same without blocking. */
  async reloadAsync(entries: readonly Entry[]): Promise<void> {
    const failures: Failure[] = [];
    await this.renew(entries, (each, error) => {
      // An entry that was unloaded meanwhile is missed by nobody but the caller who named it.
      if (entries.includes(each) || each.fate === undefined) {
        failures.push(this.#tell(each, error));
      }
    });
    throwAll(failures, "reload");
  }

  /** Reloads without blocking, one after another. `failed` is told what keeps its old value. */
  async renew(
    entries: readonly Entry[],
    failed: (entry: Entry, error: unknown) => void = (entry, error) => this.#tell(entry, error),
  ): Promise<void> {
    const run = this.#begin(entries);
    this.#flights.underWay.begin(); // Between two of its reloads it is under way too.
    try {
      for (const each of run.plan) {
        try {
          await this.#reloadOneAsync(each, run);
        } catch (error) {
          if (!run.plan.isRetry) failed(each, error);
        }
      }
    } finally {
      this.#end(run);
      this.#flights.underWay.end();
    }
  }

  /**
   * Gives a live entry another value, and reloads what was made from the old one. Returns it with one
   * more reference, if `key` is live. Throws before it owns the value.
   */
  replace(key: string, content: Content): Entry | undefined {
    const entry = this.#cache.entries.get(key);
    if (!entry || entry.count === 0) return undefined;
    for (const type of entry.types) assertType(key, content.value, type);
    // A type's own check may have unloaded it.
    if (this.#cache.entries.get(key) !== entry) return this.replace(key, content);
    entry.retain();
    this.#run([entry], (run) => {
      this.#put(entry, content, run);
      run.plan.given(entry);
      this.#reloadAll(run, []);
    });
    return entry;
  }

  /** Makes an added value resident. Returns its entry, with a reference for the caller. */
  add<T>(name: string, value: T, options: AddOptions<T>): Entry {
    const { started } = this.#cache;
    const key = this.loading.keyOf(name);
    const { content, type } = addedContent(key, value, options, this.#cache.budget);
    const live = options.replace ? this.replace(key, content) : undefined;
    if (live) return live;
    this.#cache.makeRoom(key);
    const entry = this.loading.insert(key, content, type, { started, ask: {} });
    this.#cache.entries.remember(name, entry);
    return entry;
  }

  /** Reloads an entry that was old when it landed, unless a reload goes on to it by itself. */
  landedStale(entry: Entry): void {
    for (const { plan } of this.#runs) if (plan.covers(entry)) return;
    void this.renew([entry]);
  }

  /** The source of `key` has changed. */
  changed(key: string): void {
    this.loading.changed(key);
    if (this.#runs.size > 0) this.#changes.set(key, this.#cache.tick());
  }

  /** What could not be reloaded, and asked for `key`. O(what could not be reloaded). */
  failedFor(key: string): Entry[] {
    return [...this.#failed].filter(([, asked]) => asked.has(key)).map(([entry]) => entry);
  }

  /** Unloads the old values of what is under way. */
  dispose(): void {
    for (const run of this.#runs) this.#end(run);
  }

  #begin(entries: readonly Entry[]): Run {
    const plan = new ReloadPlan(entries, this.#cache, this.#failed);
    const run = { plan, old: new Superseded(this.#cache, this.#old), pinned: [] };
    this.#runs.add(run);
    return run;
  }

  #run(entries: readonly Entry[], work: (run: Run) => void): void {
    const run = this.#begin(entries);
    try {
      work(run);
    } finally {
      this.#end(run);
    }
  }

  #end(run: Run): void {
    this.#runs.delete(run);
    if (this.#runs.size === 0) this.#changes.clear();
    run.old.release((key) => this.#flights.loadersOf(key));
    for (const each of run.pinned.splice(0)) each.pinned--;
    this.#cache.evict();
  }

  /** Keeps an entry until the run ends. Returns when it began with it. */
  #pin(entry: Entry, run: Run): number {
    entry.pinned++;
    run.pinned.push(entry);
    return this.#cache.tick();
  }

  #reloadAll(run: Run, failures: Failure[]): void {
    for (const each of run.plan) {
      try {
        this.#reloadOne(each, run);
      } catch (error) {
        if (!run.plan.isRetry) failures.push(this.#tell(each, error));
      }
    }
  }

  #tell({ key }: Entry, error: unknown): Failure {
    this.#cache.events.fail(error, key);
    return { error, key };
  }

  #reloadOne(entry: Entry, run: Run): void {
    const tick = this.#pin(entry, run);
    const started = performance.now();
    try {
      assertLoaded(entry);
      this.#swap(entry, this.loading.decode(entry.key, entry), started, run);
    } catch (error) {
      this.#noteFailure(entry, tick);
      throw error;
    }
  }

  async #reloadOneAsync(entry: Entry, run: Run): Promise<void> {
    const tick = this.#pin(entry, run);
    try {
      assertLoaded(entry);
      await this.#flights.remake(
        entry,
        (content, started) => this.#swap(entry, content, started, run),
      );
    } catch (error) {
      this.#noteFailure(entry, tick);
      throw error;
    }
  }

  /** Remembers what may mend a failure: a key that was asked for on the way, if that changes. */
  #noteFailure(entry: Entry, began: number): void {
    for (const each of this.#failed.keys()) if (each.fate !== undefined) this.#failed.delete(each);
    if (entry.fate !== undefined) return;
    const { needed, isStale } = this.loading.neededFor(entry.key, began);
    const hasChanged = (key: string) => (this.#changes.get(key) ?? 0) > began;
    if (isStale || [...needed].some(hasChanged)) this.loading.onStale(entry);
    needed.delete(entry.key); // Its own change is one of what is resident.
    this.#failed.set(entry, needed);
  }

  /** Puts new content into `entry`, if it is still resident and of its types, and nothing newer is there. */
  #swap(entry: Entry, content: Content, started: number, run: Run): void {
    const { key } = entry;
    this.loading.failed(key, new Set(content.dependencies), content.stale); // Until it has not.
    this.loading.check(key, content, entry.types);
    try {
      if (entry.fate !== undefined) throw new ResourceNotLoadedError(key, "reload");
      const isOld = content.read! < entry.read;
      // Another value was read before this one, or this one has got what was read before.
      const isStale = content.isUpdated && isOld === (content.value === entry.value);
      if (isStale) this.loading.onStale(entry);
      if (isOld || isStale) return this.#cache.discard(key, content);
      this.loading.assertNoCycleOf(key, content.dependencies);
    } catch (error) {
      this.#cache.discard(key, content);
      throw error;
    }
    this.#failed.delete(entry);
    this.#put(entry, content, run);
    run.plan.renewed(entry);
    if (this.#cache.events.has("reload")) {
      const { version } = entry;
      this.#cache.events.emit("reload", { key, version, ms: performance.now() - started });
    }
    this.loading.landed(entry, content);
  }

  #put(entry: Entry, content: Content, run: Run): void {
    const { key, swapped: since } = entry;
    const old = this.#cache.swap(entry, content);
    run.old.add({ key, content: old, since, until: entry.swapped });
  }
}

function assertLoaded({ key, added }: Entry): void {
  if (!added) return;
  const problem = "it was added, so there is nothing to reload it from";
  throw new ResourceLoadError(key, problem, { action: "reload" });
}
