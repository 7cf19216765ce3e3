import type { Cache } from "../cache/cache.ts";
import type { Content } from "../cache/entry.ts";
import { deferNow } from "../load/load_context.ts";

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

/**
 * What a reload has replaced. It lives until the reload has ended: nobody sees a new value beside
 * another one that was made from an unloaded one. An old value from which something was made that
 * keeps its own value, as its reload failed, lives as long as that.
 */
export class Superseded {
  readonly #cache: Cache;
  readonly #all: Set<Content>;
  #values: OldValue[] = [];

  /** `all` are the old values of all reloads of a manager. */
  constructor(cache: Cache, all: Set<Content>) {
    this.#cache = cache;
    this.#all = all;
  }

  add(value: OldValue): void {
    this.#values.push(value);
    this.#all.add(value.content);
  }

  /**
   * Unloads what nothing uses any more, what was replaced last first. `loadsOf` gives the loaders of a
   * key that are at work. Later calls do nothing.
   */
  release(loadsOf: (key: string) => Iterable<User>): void {
    let unused = this.#values.reverse();
    this.#values = [];
    for (const { content } of unused) this.#all.delete(content);
    const used: OldValue[] = [];
    const isUsed = (value: OldValue) => this.#usersOf(value, loadsOf).length > 0;
    // What is used may use others, so look again until nothing more is.
    for (let found = unused.filter(isUsed); found.length > 0; found = unused.filter(isUsed)) {
      for (const { content } of found) this.#all.add(content);
      used.push(...found);
      unused = unused.filter((each) => !found.includes(each));
    }
    for (const value of used) this.#keep(value, this.#usersOf(value, loadsOf));
    for (const { key, content } of unused) this.#cache.discard(key, content);
  }

  /** Lets an old value live until the last of its users goes, which disposes its context. */
  #keep({ key, content }: OldValue, users: readonly DisposableStack[]): void {
    let left = users.length;
    for (const user of users) {
      deferNow(user, () => {
        if (--left > 0) return;
        this.#all.delete(content);
        this.#cache.discard(key, content);
      });
    }
  }

  /** The contexts of those that were made from an old value. */
  #usersOf(
    { key, since, until }: OldValue,
    loadsOf: (key: string) => Iterable<User>,
  ): DisposableStack[] {
    const users: User[] = [
      ...this.#cache.dependents.of(key),
      ...loadsOf(key),
      ...[...this.#all].filter(({ dependencies }) => [...dependencies ?? []].includes(key)),
    ];
    return users.filter(({ began = 0, made = Infinity }) => began < until && since <= made)
      .flatMap(({ context }) => context ?? []);
  }
}
