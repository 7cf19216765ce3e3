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
import { type FailedReload, ReloadPlan } from "./reload_plan.ts";
import { Superseded } from "./superseded.ts";

/** A reload that is under way: its plan, and the values that it has replaced. */
interface Run {
  readonly plan: ReloadPlan;
  readonly old: Superseded;
  /**
   * The entries that it has come to. They are not evicted before it ends, because old values still
   * use them.
   */
  readonly pinned: Entry[];
}

/** Swaps the values of entries in place, and then those of everything that was made from them. */
export class Reloader {
  readonly loading: Loading;
  readonly #cache: Cache;
  readonly #flights: Flights;
  readonly #runs = new Set<Run>();
  /**
   * The old values that are not unloaded yet: those of reloads that are under way, and those from
   * which something was made that could not be reloaded.
   */
  readonly #old = new Set<Content>();
  /** When keys changed in the source, while something is being reloaded: ticks of the cache. */
  readonly #changes = new Map<string, number>();
  /** The entries that could not be reloaded. */
  readonly #failed = new Map<Entry, FailedReload>();

  constructor(flights: Flights) {
    this.loading = flights.loading;
    this.#cache = flights.loading.cache;
    this.#flights = flights;
  }

  /**
   * Reloads entries. Each that fails keeps its old value, and its error is thrown and goes to the
   * `error` event.
   */
  reload(entries: readonly Entry[]): void {
    const failures: Failure[] = [];
    this.#run(entries, (run) => this.#reloadAll(run, failures));
    throwAll(failures, "reload");
  }

  /** The same without blocking. */
  async reloadAsync(entries: readonly Entry[]): Promise<void> {
    const failures: Failure[] = [];
    await this.renew(entries, (each, error) => {
      // If an entry was unloaded meanwhile, only a caller that named it has to know.
      if (entries.includes(each) || each.fate === undefined) {
        failures.push(this.#report(each, error));
      }
    });
    throwAll(failures, "reload");
  }

  /**
   * Reloads entries without blocking, one after another. Calls `failed` for each that keeps its old
   * value.
   */
  async renew(
    entries: readonly Entry[],
    failed: (entry: Entry, error: unknown) => void = (entry, error) => this.#report(entry, error),
  ): Promise<void> {
    const run = this.#begin(entries);
    this.#flights.underWay.begin(); // It is under way between two of its reloads too.
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
   * Gives a live entry another value, and reloads what was made from the old one. Returns the entry
   * with one more reference, or `undefined` if `key` is not live. If it throws, the caller keeps
   * the new value.
   */
  replace(key: string, content: Content): Entry | undefined {
    const entry = this.#cache.entries.get(key);
    if (!entry || entry.count === 0) return undefined;
    for (const type of entry.types) assertType(key, content.value, type);
    // The type's own check may have unloaded it.
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

  /**
   * Reloads an entry that was stale when it landed, unless a running reload comes to it by itself.
   */
  landedStale(entry: Entry): void {
    for (const { plan } of this.#runs) if (plan.covers(entry)) return;
    void this.renew([entry]);
  }

  /** Notes that the source of `key` has changed. */
  changed(key: string): void {
    this.loading.changed(key);
    if (this.#runs.size > 0) this.#changes.set(key, this.#cache.tick());
  }

  /**
   * The entries that could not be reloaded and have asked for `key`. O(entries that could not be
   * reloaded).
   */
  failedFor(key: string): Entry[] {
    return [...this.#failed].filter(([, { asked }]) => asked.has(key)).map(([entry]) => entry);
  }

  /** Ends the reloads that are under way, and unloads their old values. */
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

  /** Keeps an entry in memory until the run ends. Returns the tick of this moment. */
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
        if (!run.plan.isRetry) failures.push(this.#report(each, error));
      }
    }
  }

  #report({ key }: Entry, error: unknown): Failure {
    this.#cache.events.fail(error, key);
    return { error, key };
  }

  #reloadOne(entry: Entry, run: Run): void {
    const tick = this.#pin(entry, run);
    const started = performance.now();
    try {
      assertReloadable(entry);
      this.#swap(entry, this.loading.decode(entry.key, entry), started, run);
    } catch (error) {
      this.#noteFailure(entry, tick);
      throw error;
    }
  }

  async #reloadOneAsync(entry: Entry, run: Run): Promise<void> {
    const tick = this.#pin(entry, run);
    try {
      assertReloadable(entry);
      await this.#flights.remake(
        entry,
        (content, started) => this.#swap(entry, content, started, run),
      );
    } catch (error) {
      this.#noteFailure(entry, tick);
      throw error;
    }
  }

  /** Remembers the keys whose change may repair a failure. */
  #noteFailure(entry: Entry, began: number): void {
    for (const each of this.#failed.keys()) if (each.fate !== undefined) this.#failed.delete(each);
    if (entry.fate !== undefined) return;
    const { needed, isStale } = this.loading.neededFor(entry.key, began);
    const hasChanged = (key: string) => (this.#changes.get(key) ?? 0) > began;
    if (isStale || [...needed].some(hasChanged)) this.loading.onStale(entry);
    needed.delete(entry.key); // It is resident, so its own change is noticed anyway.
    this.#failed.set(entry, { asked: needed, began });
  }

  /**
   * Puts new content into `entry`, if it is still resident, its types fit, and no newer value is in
   * it.
   */
  #swap(entry: Entry, content: Content, started: number, run: Run): void {
    const { key } = entry;
    this.loading.failed(key, new Set(content.dependencies), content.stale); // It counts as failed until it has landed.
    this.loading.check(key, content, entry.types);
    try {
      if (entry.fate !== undefined) throw new ResourceNotLoadedError(key, "reload");
      const isOld = content.read! < entry.read;
      // Either an older read has changed the newer value in place, or a newer read has changed a
      // value that an older one replaced meanwhile.
      const isStale = content.isUpdated && isOld === (content.value === entry.value);
      if (isStale) this.loading.onStale(entry);
      if (isOld || isStale) return this.#cache.discard(key, content);
      this.loading.assertNoCycleOf(key, content.dependencies);
    } catch (error) {
      this.#cache.discard(key, content);
      throw error;
    }
    // A reload that began earlier does not repair a newer one that has failed.
    if (!(this.#failed.get(entry)?.began! > content.read!)) this.#failed.delete(entry);
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

function assertReloadable({ key, added }: Entry): void {
  if (!added) return;
  const problem = "it was added, not loaded";
  throw new ResourceLoadError(key, problem, { action: "reload" });
}
