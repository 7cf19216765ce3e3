import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { parentsFirst } from "../cache/parents_first.ts";

/**
 * What is to be reloaded when `roots` have changed: those, and once each all that depend on them, each
 * after those that it depends on. Its caller reports each new value. O(what is reloaded and its
 * dependencies).
 */
export class ReloadPlan implements Iterable<Entry> {
  readonly #cache: Cache;
  readonly #roots: ReadonlySet<Entry>;
  readonly #failed: ReadonlyMap<Entry, ReadonlySet<string>>;
  /** Whether the entry that is being reloaded has failed before, and was not asked for now. */
  isRetry = false;
  /** When a key got something new, itself or below it: ticks of the cache. */
  readonly #renewed = new Map<string, number>();
  /** When the reload of an entry began. */
  readonly #attempts = new Map<Entry, number>();

  /** `failed` is what could not be reloaded, with the keys that its loader asked for. */
  constructor(
    roots: readonly Entry[],
    cache: Cache,
    failed: ReadonlyMap<Entry, ReadonlySet<string>> = new Map(),
  ) {
    this.#roots = new Set(roots);
    this.#cache = cache;
    this.#failed = failed;
  }

  /** `entry` has a new value. */
  renewed({ key }: Entry): void {
    this.#renewed.set(key, this.#cache.tick());
  }

  /** `entry`, a root, was given a new value: only its dependents are due. */
  given(entry: Entry): void {
    this.#attempts.set(entry, this.#cache.tick());
    this.renewed(entry);
  }

  /** Whether it goes on to `entry` by itself, because that depends on something newer. */
  covers(entry: Entry): boolean {
    return this.#isNewer(entry.dependencies, entry);
  }

  /**
   * What has come too early is due again: an entry that has depended on a later one only since its own
   * reload, one that has landed since, made of a value that was being replaced, and one that failed and
   * had asked for a key that is new now.
   */
  *[Symbol.iterator](): Generator<Entry> {
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const entry of this.#order()) {
        const isAbove = this.#isNewer(entry.dependencies, entry);
        if (entry.fate !== undefined || !(isAbove || this.#isDue(entry))) continue;
        isDone = false;
        this.isRetry = !isAbove && !this.#isFresh(entry);
        this.#attempts.set(entry, this.#cache.tick());
        yield entry;
        if (isAbove) this.renewed(entry); // Even if it keeps its value: what that refers to is new.
      }
    }
  }

  /** Whether it is a root that was not reloaded yet, or has failed for something that is new now. */
  #isDue(entry: Entry): boolean {
    return this.#isFresh(entry) || this.#isNewer(this.#failed.get(entry) ?? [], entry);
  }

  #isFresh(entry: Entry): boolean {
    return this.#roots.has(entry) && !this.#attempts.has(entry);
  }

  /** Whether one of `keys` got something new since `entry` was made, or was reloaded last. */
  #isNewer(keys: Iterable<string>, entry: Entry): boolean {
    const since = this.#attempts.get(entry) ?? entry.began;
    for (const key of keys) if ((this.#renewed.get(key) ?? 0) > since) return true;
    return false;
  }

  /** What may be due: the roots and all that depend on them, each after those that it depends on. */
  #order(): Entry[] {
    const roots = [...this.#failed.keys(), ...[...this.#roots].reverse()];
    return parentsFirst(roots, ({ key }) => this.#cache.dependents.of(key));
  }
}
