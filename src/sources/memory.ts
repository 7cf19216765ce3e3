import { ResourceNotFoundError } from "../contract/errors.ts";
import { keysBelow } from "../names/keys_below.ts";
import { normalizeName } from "../names/names.ts";
import type { ReadOptions, Source } from "../contract/source.ts";

/**
 * Holds files in memory, for tests, embedded assets and content made at run time. Strings are stored as
 * UTF-8.
 *
 * @example
 * ```ts
 * import { Json, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "levels/1.json": '{ "width": 40 }' });
 * using mgr = new ResourceManager({ source });
 * using level = mgr.load("levels/1.json", Json);
 * source.set("levels/1.json", '{ "width": 80 }');
 * mgr.reload("levels/1.json"); // or let mgr.watch() do that
 * assertEquals(level.value, { width: 80 });
 * ```
 */
export class MemorySource implements Source {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #watchers = new Set<{ onChange(key: string): void }>();

  /**
   * Creates a source with `files`: an object, a `Map`, or any iterable of keys and contents. O(bytes).
   *
   * @throws {ResourcePathError} A key is not valid, for example because it leads out of the root.
   */
  constructor(
    files:
      | Readonly<Record<string, string | Uint8Array>>
      | Iterable<readonly [key: string, content: string | Uint8Array]> = {},
  ) {
    const entries = Symbol.iterator in files
      ? files as Iterable<readonly [string, string | Uint8Array]>
      : Object.entries(files);
    for (const [key, content] of entries) this.set(key, content);
  }

  /**
   * Adds or replaces the content of `key`, and stores a copy of it. O(bytes).
   *
   * @throws {ResourcePathError} `key` is not a valid key.
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource();
   * source.set("hero.txt", "@");
   * assertEquals(source.list(""), ["hero.txt"]);
   * ```
   */
  set(key: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const name = normalizeName(key);
    this.#files.set(name, new Uint8Array(bytes));
    this.#changed(name);
  }

  /**
   * Removes `key`. Returns whether it existed. O(1).
   *
   * @throws {ResourcePathError} `key` is not a valid key.
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * assertEquals([source.delete("hero.txt"), source.delete("hero.txt")], [true, false]);
   * ```
   */
  delete(key: string): boolean {
    const name = normalizeName(key);
    const deleted = this.#files.delete(name);
    if (deleted) this.#changed(name);
    return deleted;
  }

  /**
   * Returns a copy of the bytes of `key`. O(bytes).
   *
   * @throws {ResourceNotFoundError} The source has no such key.
   * @throws {ResourcePathError} `key` is not a valid key.
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * assertEquals(source.read("hero.txt").length, 1);
   * ```
   */
  read(key: string): Uint8Array<ArrayBuffer> {
    const bytes = this.#files.get(normalizeName(key));
    if (!bytes) {
      throw new ResourceNotFoundError(key, "the memory source has no such key");
    }
    return bytes.slice();
  }

  /**
   * Resolves to a copy of the bytes of `key`. Rejects with the errors of {@linkcode MemorySource.read},
   * or with the reason of an aborted `signal`. O(bytes).
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  // deno-lint-ignore require-await
  async readAsync(
    key: string,
    options: ReadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    options.signal?.throwIfAborted();
    const bytes = this.read(key);
    options.onProgress?.(bytes.length, bytes.length);
    return bytes;
  }

  /**
   * Returns the keys below `directory`, sorted; with `recursive: false`, only those directly in it. O(keys).
   *
   * @throws {ResourceNotFoundError} There is no key below `directory`.
   * @throws {ResourcePathError} `directory` is not a valid key.
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "chars/hero.txt": "@", "1.txt": "caves" });
   * assertEquals(source.list("", { recursive: false }), ["1.txt"]);
   * assertEquals(source.list("chars"), ["chars/hero.txt"]);
   * ```
   */
  list(directory: string, options: { recursive?: boolean } = {}): string[] {
    return keysBelow(this.#files.keys(), directory, {
      recursive: options.recursive,
      owner: "the memory source",
    });
  }

  /**
   * Calls `onChange` with each key that is set or deleted, before `set` or `delete` returns, until the
   * result is disposed. O(1).
   *
   * @example
   * ```ts
   * import { MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new MemorySource({ "hero.txt": "@" });
   * const log: string[] = [];
   * using _watch = source.watch((key) => log.push(key));
   * source.delete("hero.txt");
   * assertEquals(log, ["hero.txt"]);
   * ```
   */
  watch(onChange: (key: string) => void): Disposable {
    const watcher = { onChange };
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  #changed(key: string): void {
    // Iterates over a copy: a watcher may dispose itself, or add another one.
    for (const { onChange } of [...this.#watchers]) onChange(key);
  }
}
