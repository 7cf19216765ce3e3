/**
 * The keys that lead through links, with the real path that each was read from: a change of that file
 * is one of theirs too. Where there are no links it holds nothing.
 */
export class LinkedKeys {
  readonly #paths = new Map<string, string>();

  get size(): number {
    return this.#paths.size;
  }

  /** Notes where `key` was read; `undefined` says that no link leads there. O(1). */
  note(key: string, path: string | undefined): void {
    if (path === undefined) this.#paths.delete(key);
    else this.#paths.set(key, path);
  }

  /** The keys that were read from `path`. O(linked keys). */
  of(path: string): string[] {
    return this.#keysWhere((_key, each) => each === path);
  }

  /** The keys that lead elsewhere now; `resolve` gives the real path of a key. O(linked keys). */
  moved(resolve: (key: string) => string | undefined): string[] {
    return this.#keysWhere((key, path) => resolve(key) !== path);
  }

  #keysWhere(isWanted: (key: string, path: string) => boolean): string[] {
    return [...this.#paths].filter((each) => isWanted(...each)).map(([key]) => key);
  }
}
