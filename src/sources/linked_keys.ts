/**
 * The keys that lead through links, with the real path that each was read from: a change of that file
 * is one of theirs too. Where there are no links it holds nothing.
 */
export class LinkedKeys {
  readonly #paths = new Map<string, string>();
  readonly #keys = new Map<string, Set<string>>();

  get size(): number {
    return this.#paths.size;
  }

  /** Notes where `key` was read; `undefined` says that no link leads there. O(1). */
  note(key: string, path: string | undefined): void {
    const known = this.#paths.get(key);
    if (known === path) return;
    if (known !== undefined) this.#forget(key, known);
    if (path === undefined) return;
    this.#paths.set(key, path);
    const keys = this.#keys.get(path);
    if (keys === undefined) this.#keys.set(path, new Set([key]));
    else keys.add(key);
  }

  /** The keys that were read from `path`. */
  of(path: string): Iterable<string> {
    return this.#keys.get(path) ?? [];
  }

  /** The keys that lead elsewhere now; `resolve` gives the real path of a key. O(linked keys). */
  moved(resolve: (key: string) => string | undefined): string[] {
    return [...this.#paths].filter(([key, path]) => resolve(key) !== path).map(([key]) => key);
  }

  #forget(key: string, path: string): void {
    this.#paths.delete(key);
    const keys = this.#keys.get(path)!;
    keys.delete(key);
    if (keys.size === 0) this.#keys.delete(path);
  }
}
