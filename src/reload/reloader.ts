import type { Cache } from "../cache/cache.ts";
import type { Content, Entry } from "../cache/entry.ts";
import {
  type Failure,
  ResourceLoadError,
  ResourceNotLoadedError,
  throwAll,
} from "../contract/errors.ts";
import type { Flights } from "../load/flights.ts";
import type { Loading } from "../load/loading.ts";
import { ReloadPlan } from "./reload_plan.ts";

/** What a reload without blocking tells. */
export interface ReloadListener {
  /** An entry has a new value. */
  reloaded?(entry: Entry): void;
  /** An entry keeps its old value. */
  failed(entry: Entry, error: unknown): void;
}

/** Swaps the values of entries in place, and then those of all that were made from them. */
export class Reloader {
  readonly loading: Loading;
  readonly #cache: Cache;
  readonly #flights: Flights;

  constructor(flights: Flights) {
    this.loading = flights.loading;
    this.#cache = flights.loading.cache;
    this.#flights = flights;
  }

  /** Throws, and raises an `error` event for, each entry that fails and so keeps its old value. */
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

  /** The same without blocking. */
  async reloadAsync(entry: Entry): Promise<void> {
    const failures: Failure[] = [];
    const failed = (each: Entry, error: unknown) => {
      // An entry that was unloaded meanwhile is missed by nobody but the caller who named it.
      if (each === entry || each.fate === undefined) failures.push(this.#failed(each, error));
    };
    await this.reloadAll([entry], { failed });
    throwAll(failures, "reload");
  }

  /** Reloads several without blocking, one after another, and once each all that depend on them. */
  async reloadAll(roots: readonly Entry[], listener: ReloadListener): Promise<void> {
    const plan = new ReloadPlan(roots, this.#cache.dependents);
    for (const each of plan) {
      try {
        await this.#reloadOneAsync(each);
        listener.reloaded?.(each);
        plan.swapped(each);
      } catch (error) {
        listener.failed(each, error);
      }
    }
  }

  #failed({ key }: Entry, error: unknown): Failure {
    this.#cache.events.fail(error, key);
    return { error, key };
  }

  #reloadOne(entry: Entry): void {
    assertLoaded(entry);
    const started = performance.now();
    entry.pinned++;
    try {
      this.#swap(entry, this.loading.decode(entry.key), started);
    } finally {
      entry.pinned--;
      this.#cache.evict();
    }
  }

  async #reloadOneAsync(entry: Entry): Promise<void> {
    assertLoaded(entry);
    entry.pinned++;
    try {
      const { content, started } = await this.#flights.remake(entry.key);
      this.#swap(entry, content, started);
    } finally {
      entry.pinned--;
      this.#cache.evict();
    }
  }

  /** Puts new content into `entry`, if it is still resident and of its types. */
  #swap(entry: Entry, content: Content, started: number): void {
    const { key } = entry;
    this.loading.check(key, content, entry.types);
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
}

function assertLoaded({ key, added }: Entry): void {
  if (!added) return;
  const problem = "it was added, so there is nothing to reload it from";
  throw new ResourceLoadError(key, problem, { action: "reload" });
}
