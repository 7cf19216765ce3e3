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
  /** Aborts the read. */
  signal?: AbortSignal;
  /** Told how many bytes are there, and how many there will be if that is known. */
  onProgress?(bytes: number, totalBytes?: number): void;
  /**
   * Runs `wait` without holding one of the manager's `maxConcurrency` places, and waits for one
   * afterwards: for a source that waits and reads nothing meanwhile, before it tries again, say, or
   * while it loads an archive through the same manager. Rejects if `wait` does, and with the signal's
   * reason. A read pauses once at a time. Not there if nobody counts reads.
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
 * Where bytes come from. At least one of {@linkcode Source.read} and {@linkcode Source.readAsync}
 * must be there; a manager loads synchronously only from a source that has `read`.
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
   * Reads the bytes of `key`. Each call gives a buffer of its own. Throws a
   * {@linkcode ResourceNotFoundError} if there is no such key.
   */
  read?(key: string): Uint8Array<ArrayBuffer>;
  /** Reads the bytes of `key` without blocking. */
  readAsync?(key: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The keys below `directory` (`""` is the root), recursively unless the option says otherwise. */
  list?(directory: string, options?: { recursive?: boolean }): Iterable<string>;
  /**
   * How many bytes `key` has, if that is known without reading it: progress then knows `totalBytes`
   * from the start. Must be fast: it is called for each resource whose progress somebody follows.
   */
  size?(key: string): number | undefined;
  /**
   * Calls `onChange` with each key whose bytes may have changed, come or gone, until the result is
   * disposed. A key too often does no harm, one too few does. `onError` is told if changes can't be
   * seen any more. If the result has `[Symbol.asyncDispose]`, `await using` waits for that.
   */
  watch?(onChange: (key: string) => void, onError?: (error: unknown) => void): Disposable;
}

/** What sources know of bytes that may explain why no loader can decode them. Keeps no bytes alive. */
/** What `watch` returns. */
export type Watching = Disposable & Partial<AsyncDisposable>;

/** Ends a watch, and waits until it has ended. Never rejects: `failed` gets what that throws. */
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

const hints = new WeakMap<Uint8Array, string>();

/** Notes what is odd about `bytes`, for the message if they can't be decoded. */
export function noteHint(bytes: Uint8Array, hint: string): void {
  hints.set(bytes, hint);
}

/** What is odd about `bytes`, if their source has noted anything. */
export function hintOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && hints.get(bytes);
}
