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

/** What a loader holds, and when that began: of an entry, or of a load that is under way. */
export interface User {
  readonly context?: DisposableStack | undefined;
  readonly began: number;
}

/**
 * The old values of a reload, in the order in which they were replaced. They live until it has ended:
 * nobody sees a new value beside another one that was made from an unloaded one. An old value that was
 * used by something that keeps its own value, as its reload failed, lives as long as that.
 */
export class Superseded {
  readonly #cache: Cache;
  readonly #values: OldValue[] = [];

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  add(value: OldValue): void {
    this.#values.push(value);
  }

  /**
   * Unloads what nothing uses any more, dependents first. `loads` gives the loaders of a key that are
   * at work. Later calls do nothing.
   */
  release(loadsOf: (key: string) => Iterable<User>): void {
    for (const value of this.#values.splice(0).reverse()) {
      const { key, since, until } = value;
      const users = [...this.#cache.dependents.of(key), ...loadsOf(key)]
        .filter(({ began }) => since <= began && began < until)
        .flatMap(({ context }) => context ?? []);
      if (users.length === 0) this.#cache.discard(key, value.content);
      else this.#keep(value, users);
    }
  }

  /** Lets an old value live until the last of its users goes, which disposes its context. */
  #keep({ key, content }: OldValue, users: readonly DisposableStack[]): void {
    let left = users.length;
    for (const user of users) {
      user.defer(() => {
        if (--left === 0) this.#cache.discard(key, content);
      });
    }
  }
}
