/**
 * The keys that lead through links, each with the real path that it was read from: when that file
 * changes, the key changes too. Empty if there are no links.
 */
export class LinkedKeys {
  readonly #paths = new Map<string, string>();

  get size(): number {
    return this.#paths.size;
  }

  /** Notes the real path of `key`; `undefined` if no link leads there. O(1). */
  note(key: string, path: string | undefined): void {
    if (path === undefined) this.#paths.delete(key);
    else this.#paths.set(key, path);
  }

  /** Returns the keys that were read from `path`. O(linked keys). */
  of(path: string): string[] {
    return this.#keysWhere((_key, each) => each === path);
  }

  /** Returns the keys that now lead elsewhere; `resolve` returns the real path of a key. O(linked keys). */
  moved(resolve: (key: string) => string | undefined): string[] {
    return this.#keysWhere((key, path) => resolve(key) !== path);
  }

  #keysWhere(isWanted: (key: string, path: string) => boolean): string[] {
    return [...this.#paths].filter((each) => isWanted(...each)).map(([key]) => key);
  }
}
