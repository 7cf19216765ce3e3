import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { parentsFirst } from "../cache/parents_first.ts";

/** The last reload of an entry, which has failed. */
export interface FailedReload {
  /** The keys that its loader asked for: their change may repair it. */
  readonly asked: ReadonlySet<string>;
  /** A tick of the cache. */
  readonly began: number;
}

/**
 * The entries to reload when `roots` have changed: the roots and everything that depends on them,
 * once each, and dependencies first. The caller reports each new value. O(entries to reload and
 * their dependencies).
 */
export class ReloadPlan implements Iterable<Entry> {
  readonly #cache: Cache;
  readonly #roots: ReadonlySet<Entry>;
  readonly #failed: ReadonlyMap<Entry, FailedReload>;
  /** Whether the current entry failed before and is only tried again, without being asked for. */
  isRetry = false;
  /** When a key, or something that it depends on, got a new value: ticks of the cache. */
  readonly #renewed = new Map<string, number>();
  /** When the reload of an entry began: ticks of the cache. */
  readonly #attempts = new Map<Entry, number>();

  /** `failed` has the entries that could not be reloaded. */
  constructor(
    roots: readonly Entry[],
    cache: Cache,
    failed: ReadonlyMap<Entry, FailedReload> = new Map(),
  ) {
    this.#roots = new Set(roots);
    this.#cache = cache;
    this.#failed = failed;
  }

  /** Notes that `entry` has a new value. */
  renewed({ key }: Entry): void {
    this.#renewed.set(key, this.#cache.tick());
  }

  /** Notes that the caller gave `entry`, a root, a new value: only its dependents are due. */
  given(entry: Entry): void {
    this.#attempts.set(entry, this.#cache.tick());
    this.renewed(entry);
  }

  /** Whether the plan comes to `entry` by itself, because that depends on something newer. */
  covers(entry: Entry): boolean {
    return this.#isNewer(entry.dependencies, entry);
  }

  /**
   * Yields each entry for the caller to reload it. An entry is due again if its own reload made it
   * depend on a later one, if it landed since and was made from a value that was being replaced, or
   * if it failed and had asked for a key that is new now.
   */
  *[Symbol.iterator](): Generator<Entry> {
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const entry of this.#order()) {
        const isOutdated = this.#isNewer(entry.dependencies, entry);
        if (entry.fate !== undefined || !(isOutdated || this.#isDue(entry))) continue;
        isDone = false;
        this.isRetry = !isOutdated && !this.#isFresh(entry);
        this.#attempts.set(entry, this.#cache.tick());
        yield entry;
        if (isOutdated) this.renewed(entry); // Even if it has failed: what its old value uses is new.
      }
    }
  }

  /**
   * Whether it is a root that was not reloaded yet, or failed before and asked for a key that is
   * new now.
   */
  #isDue(entry: Entry): boolean {
    return this.#isFresh(entry) || this.#isNewer(this.#failed.get(entry)?.asked ?? [], entry);
  }

  #isFresh(entry: Entry): boolean {
    return this.#roots.has(entry) && !this.#attempts.has(entry);
  }

  /** Whether one of `keys` got a new value since `entry` was made, or since its last reload. */
  #isNewer(keys: Iterable<string>, entry: Entry): boolean {
    const since = this.#attempts.get(entry) ?? entry.began;
    for (const key of keys) if ((this.#renewed.get(key) ?? 0) > since) return true;
    return false;
  }

  /**
   * What may be due, dependencies first: the roots, what was reloaded, which may no longer depend on a
   * root, and everything that depends on these.
   */
  #order(): Entry[] {
    const roots = [
      ...this.#failed.keys(),
      ...this.#attempts.keys(),
      ...[...this.#roots].reverse(),
    ];
    return parentsFirst(roots, ({ key }) => this.#cache.dependents.of(key));
  }
}
