/**
 * How {@linkcode Source.readAsync} reads.
 *
 * @example
 * ```ts
 * import { MemorySource, type ReadOptions } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "hero.txt": "@" });
 * const options: ReadOptions = { onProgress: (bytes, total) => assertEquals([bytes, total], [1, 1]) };
 * const bytes = await source.readAsync("hero.txt", options);
 * assertEquals(bytes.length, 1);
 * ```
 */
export interface ReadOptions {
  /**
   * Aborts the read.
   *
   * @default {undefined} The read is not aborted.
   */
  signal?: AbortSignal;
  /**
   * Called with the number of bytes that have arrived, and the total if it is known.
   *
   * @default {undefined} No progress is reported.
   */
  onProgress?(bytes: number, totalBytes?: number): void;
  /**
   * Runs `wait`. Meanwhile this read does not count for the manager's `maxConcurrency`; afterwards it
   * waits until it may continue. Use it when a source waits without reading: before a retry, or while it
   * loads an archive with the same manager. Rejects with what `wait` rejects with, or with the signal's
   * reason. Wait for one pause before the next.
   *
   * @default {undefined} The caller does not limit its reads.
   *
   * @example A source that reads from an archive
   * ```ts
   * import { Bytes, ResourceManager, type Source } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source: Source = {
   *   async readAsync(key, { pause } = {}) {
   *     if (key === "pack.bin") return Uint8Array.of(1, 2, 3);
   *     using pack = await pause!(() => mgr.loadAsync("pack.bin", Bytes));
   *     return pack.value.slice(0, Number(key[0]));
   *   },
   * };
   * using mgr: ResourceManager = new ResourceManager({ source, maxConcurrency: 1 });
   * using two = await mgr.loadAsync("2.bin", Bytes);
   * assertEquals(two.value.length, 2);
   * ```
   */
  pause?<T>(wait: () => Promise<T>): Promise<T>;
}

/**
 * Reads the bytes of keys for a manager. A source has {@linkcode Source.read},
 * {@linkcode Source.readAsync} or both; without `read`, its manager cannot load synchronously.
 *
 * Keys are normalised paths: forward slashes, no `.` or `..`, never absolute.
 *
 * @example A source that makes its bytes
 * ```ts
 * import { Bytes, ResourceManager, type Source } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const zeros: Source = { read: (key) => new Uint8Array(parseInt(key)) };
 * using mgr = new ResourceManager({ source: zeros });
 * using block = mgr.load("16.bin", Bytes);
 * assertEquals(block.value.length, 16);
 * ```
 */
export interface Source {
  /**
   * Reads the bytes of `key`. Each call returns a new buffer, which its caller may keep and change.
   *
   * @throws {ResourceNotFoundError} There is no such key.
   */
  read?(key: string): Uint8Array<ArrayBuffer>;
  /**
   * Reads the bytes of `key` without blocking. Each call resolves to a new buffer, and rejects with a
   * {@linkcode ResourceNotFoundError} if there is no such key.
   */
  readAsync?(key: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Lists the keys below `directory` (`""` is the root), recursively unless `recursive` is `false`.
   *
   * @throws {ResourceNotFoundError} There is no such directory.
   */
  list?(directory: string, options?: { recursive?: boolean }): Iterable<string>;
  /**
   * Returns how many bytes `key` has, if that is known without reading: progress then has `totalBytes`
   * from the start. It must be fast, because a manager calls it for each resource whose progress it
   * reports.
   */
  size?(key: string): number | undefined;
  /**
   * Calls `onChange` with each key whose bytes may have changed, appeared or disappeared, until the
   * result is disposed. Reporting a key twice is harmless; missing one is not. Calls `onError` when it
   * can no longer watch. `await using` waits for `[Symbol.asyncDispose]`, if the result has it.
   */
  watch?(onChange: (key: string) => void, onError?: (error: unknown) => void): Disposable;
}

/** What `watch` returns. */
export type Watching = Disposable & Partial<AsyncDisposable>;

/** Ends a watch, and waits until it has ended. Never rejects: `failed` receives the error. */
export async function endWatching(
  watching: Watching,
  failed: (error: unknown) => void,
): Promise<void> {
  try {
    await (watching[Symbol.asyncDispose] ?? watching[Symbol.dispose]).call(watching);
  } catch (error) {
    failed(error);
  }
}

/** Hints of sources that explain why no loader can decode some bytes. It keeps no bytes alive. */
const hints = new WeakMap<Uint8Array, string>();

/** Records what is odd about `bytes`, for the message if they can't be decoded. */
export function noteHint(bytes: Uint8Array, hint: string): void {
  hints.set(bytes, hint);
}

/** Returns what is odd about `bytes`, if their source has recorded it. */
export function hintOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && hints.get(bytes);
}
