import type { Cache } from "../cache/cache.ts";
import type { Content } from "../cache/entry.ts";
import { deferNow } from "../load/load_context.ts";

/** A value that a reload has replaced. */
interface OldValue {
  readonly key: string;
  readonly content: Content;
  /** When it became the value, and when it was replaced: ticks of the cache. */
  readonly since: number;
  readonly until: number;
}

/**
 * What a loader holds, and when the loader began and ended, in ticks of the cache. It belongs to an
 * entry, to a load under way or to an old value.
 */
export interface User {
  readonly context?: DisposableStack | undefined;
  readonly began?: number;
  readonly made?: number;
}

/**
 * The values that a reload has replaced. They live until the reload has ended, so that nobody sees
 * a value that was made from an unloaded one. If a dependent could not be reloaded and keeps its
 * value, the old values from which that was made live as long as it does.
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
   * Unloads the values that nothing uses any more, the last replaced first. `loadsOf` returns the
   * running loaders that have loaded a key. Later calls do nothing.
   */
  release(loadsOf: (key: string) => Iterable<User>): void {
    let unused = this.#values.reverse();
    this.#values = [];
    for (const { content } of unused) this.#all.delete(content);
    const used: OldValue[] = [];
    const isUsed = (value: OldValue) => this.#usersOf(value, loadsOf).length > 0;
    // A used value may use others, so it looks again until it finds no more.
    for (let found = unused.filter(isUsed); found.length > 0; found = unused.filter(isUsed)) {
      for (const { content } of found) this.#all.add(content);
      used.push(...found);
      unused = unused.filter((each) => !found.includes(each));
    }
    for (const value of used) this.#keep(value, this.#usersOf(value, loadsOf));
    for (const { key, content } of unused) this.#cache.discard(key, content);
  }

  /** Keeps an old value until its last user is unloaded, which disposes the context of the user. */
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

  /** The contexts of everything that was made from an old value. */
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
