import type { Cache } from "../cache/cache.ts";
import type { Content } from "../cache/entry.ts";

/** An old value: what a reload has replaced. */
interface OldValue {
  readonly key: string;
  readonly content: Content;
  /** From when until when it was the value, in ticks of the cache. */
  readonly since: number;
  readonly until: number;
}

/** What a loader holds, and when that ran: of an entry, of a load under way, of an old value. */
export interface User {
  readonly context?: DisposableStack | undefined;
  readonly began?: number;
  readonly made?: number;
}

/** The old values that are still used, by their keys' dependencies. */
export class KeptValues {
  readonly #contents = new Set<Content>();

  /** Those that were made from `key`. O(old values that are kept). */
  *of(key: string): Generator<User> {
    for (const content of this.#contents) {
      if ([...content.dependencies ?? []].includes(key)) yield content;
    }
  }

  /** Lets `content` live until the last of `users` goes, which disposes its context. */
  keep(content: Content, users: readonly DisposableStack[], discard: () => void): void {
    let left = users.length;
    this.#contents.add(content);
    for (const user of users) {
      user.defer(() => {
        if (--left > 0) return;
        this.#contents.delete(content);
        discard();
      });
    }
  }
}

/**
 * The old values of a reload, in the order in which they were replaced. They live until it has ended:
 * nobody sees a new value beside another one that was made from an unloaded one. An old value that was
 * used by something that keeps its own value, as its reload failed, lives as long as that.
 */
export class Superseded {
  readonly #cache: Cache;
  readonly #kept: KeptValues;
  readonly #values: OldValue[] = [];

  constructor(cache: Cache, kept: KeptValues) {
    this.#cache = cache;
    this.#kept = kept;
  }

  add(value: OldValue): void {
    this.#values.push(value);
  }

  /**
   * Unloads what nothing uses any more, dependents first. `loads` gives the loaders of a key that are
   * at work. Later calls do nothing.
   */
  release(loadsOf: (key: string) => Iterable<User>): void {
    for (const { key, content, since, until } of this.#values.splice(0).reverse()) {
      const all: User[] = [
        ...this.#cache.dependents.of(key),
        ...loadsOf(key),
        ...this.#kept.of(key),
      ];
      const users = all.filter(({ began = 0, made = Infinity }) => began < until && since <= made)
        .flatMap(({ context }) => context ?? []);
      const discard = () => this.#cache.discard(key, content);
      if (users.length === 0) discard();
      else this.#kept.keep(content, users, discard);
    }
  }
}
