import type { ReadOptions, Source } from "../contract/source.ts";
import { MemorySource } from "../sources/memory.ts";

/**
 * A read that waits for a test to let it through.
 *
 * @example
 * ```ts
 * import { type GatedRead, GatedSource } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new GatedSource({ "hero.txt": "@" });
 * const bytes = source.readAsync("hero.txt");
 * const read: GatedRead = await source.arrival("hero.txt");
 * read.open();
 * assertEquals((await bytes).length, 1);
 * ```
 */
export interface GatedRead {
  /** The key that is read. */
  readonly key: string;
  /** The signal of the read, if the reader passed one. */
  readonly signal: AbortSignal | undefined;
  /** Lets the read through to the wrapped source, which returns bytes or fails. */
  open(): void;
  /** Makes the read fail with `error`. */
  fail(error: unknown): void;
}

/**
 * How a {@linkcode GatedSource} behaves.
 *
 * @example
 * ```ts
 * import { GatedSource, type GatedSourceOptions } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const options: GatedSourceOptions = { heedsSignals: false };
 * const source = new GatedSource({ "hero.txt": "@" }, options);
 * const bytes = source.readAsync("hero.txt", { signal: AbortSignal.abort() });
 * source.open("hero.txt");
 * assertEquals((await bytes).length, 1); // although the signal is aborted
 * ```
 */
export interface GatedSourceOptions {
  /**
   * Whether a waiting read fails as soon as its signal aborts. With `false` the source ignores signals,
   * and answers a withdrawn load late.
   *
   * @default {true}
   */
  heedsSignals?: boolean;
}

/** What a test has decided for a read: to open it, or to let it fail. */
type Decision = (read: GatedRead) => void;

/**
 * Holds each asynchronous read until the test lets it through, for tests of loading screens, of
 * priorities, or of a player who leaves while a level loads. No test has to wait for real time.
 *
 * {@linkcode GatedSource.open} and {@linkcode GatedSource.fail} decide one read each: the one that has
 * waited longest for the key, or the next one if none waits. So it does not matter whether the read has
 * begun yet. Synchronous reads can't wait, and are never held.
 *
 * @example
 * ```ts
 * import { ResourceManager, Text } from "@holdfast/resources";
 * import { GatedSource } from "@holdfast/resources/testing";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const source = new GatedSource({ "intro.txt": "Hello", "map.txt": "#.#" });
 * using mgr = new ResourceManager({ source });
 * const [intro, map] = [mgr.loadAsync("intro.txt", Text), mgr.loadAsync("map.txt", Text)];
 * source.fail("map.txt", new Error("disk"));
 * await assertRejects(() => map, Error, "disk");
 * assertEquals(source.waiting.map(({ key }) => key), ["intro.txt"]);
 * source.open("intro.txt");
 * using handle = await intro;
 * assertEquals(handle.value, "Hello");
 * assertEquals([source.reads.length, source.mostAtOnce], [2, 2]);
 * ```
 */
export class GatedSource implements Source {
  /** Reads without waiting. Exists if the wrapped source has `read`. */
  readonly read?: (key: string) => Uint8Array<ArrayBuffer>;
  /** Lists the keys of the wrapped source. Exists if that source has `list`. */
  readonly list?: NonNullable<Source["list"]>;
  readonly #source: Source;
  readonly #heedsSignals: boolean;
  readonly #waiting = new Set<GatedRead>();
  readonly #reads: string[] = [];
  /** Decisions for reads that have not begun, by key and in order. */
  readonly #decisions = new Map<string, Decision[]>();
  /** The promises of `arrival`, by key. */
  readonly #arrivals = new Map<string, PromiseWithResolvers<GatedRead>>();
  #isOpen = false;
  #underWay = 0;
  #mostAtOnce = 0;

  /**
   * Creates a source of `files`, texts or bytes by key, or wraps another source.
   *
   * @throws {ResourcePathError} A key of `files` is not valid.
   */
  constructor(
    files: Readonly<Record<string, string | Uint8Array>> | Source,
    options: GatedSourceOptions = {},
  ) {
    const source = isSource(files) ? files : new MemorySource(files);
    this.#source = source;
    this.#heedsSignals = options.heedsSignals ?? true;
    if (source.read !== undefined) {
      this.read = (key) => {
        this.#reads.push(key);
        return source.read!(key);
      };
    }
    if (source.list !== undefined) this.list = source.list.bind(source);
  }

  /** The waiting reads, in the order in which they began. O(reads that wait). */
  get waiting(): readonly GatedRead[] {
    return [...this.#waiting];
  }

  /** The keys of all reads so far, in the order in which they began. O(reads). */
  get reads(): readonly string[] {
    return [...this.#reads];
  }

  /** The largest number of asynchronous reads that ran at once. O(1). */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  /** Lets one read of `key` through: the first that waits, or the next one. O(reads that wait). */
  open(key: string): void {
    this.#decide(key, open);
  }

  /** Makes one read of `key` fail with `error`: the first that waits, or the next one. O(reads that wait). */
  fail(key: string, error: unknown): void {
    this.#decide(key, (read) => read.fail(error));
  }

  /**
   * Lets all waiting reads through, and all later ones until {@linkcode GatedSource.closeAll}. O(reads that
   * wait).
   *
   * @example
   * ```ts
   * import { GatedSource } from "@holdfast/resources/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new GatedSource({ "hero.txt": "@" });
   * source.openAll();
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  openAll(): void {
    this.#isOpen = true;
    this.waiting.forEach(open);
  }

  /**
   * Holds the reads that begin from now on. Undoes {@linkcode GatedSource.openAll}. O(1).
   *
   * @example
   * ```ts
   * import { GatedSource } from "@holdfast/resources/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new GatedSource({ "hero.txt": "@" });
   * source.openAll();
   * source.closeAll();
   * const bytes = source.readAsync("hero.txt");
   * assertEquals(source.waiting.length, 1);
   * source.open("hero.txt");
   * await bytes;
   * ```
   */
  closeAll(): void {
    this.#isOpen = false;
  }

  /**
   * Resolves to the first read of `key` that waits, as soon as there is one. O(reads that wait).
   *
   * @example
   * ```ts
   * import { GatedSource } from "@holdfast/resources/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new GatedSource({ "hero.txt": "@" });
   * const bytes = source.readAsync("hero.txt");
   * const read = await source.arrival("hero.txt");
   * assertEquals(read.key, "hero.txt");
   * read.open();
   * await bytes;
   * ```
   */
  arrival(key: string): Promise<GatedRead> {
    const waiting = this.#find(key);
    if (waiting !== undefined) return Promise.resolve(waiting);
    let arrival = this.#arrivals.get(key);
    if (arrival === undefined) this.#arrivals.set(key, arrival = Promise.withResolvers());
    return arrival.promise;
  }

  /**
   * Reads `key` from the wrapped source after the test has let the read through. Rejects with the error
   * that the test passed to `fail`, with the errors of the wrapped source, or with the reason of an
   * aborted `signal`. Costs as much as a read of the wrapped source.
   *
   * @example
   * ```ts
   * import { GatedSource } from "@holdfast/resources/testing";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new GatedSource({ "hero.txt": "@" });
   * source.open("hero.txt"); // decides the next read
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  async readAsync(key: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    this.#reads.push(key);
    this.#mostAtOnce = Math.max(this.#mostAtOnce, ++this.#underWay);
    try {
      await this.#pass(key, options.signal);
      const { signal: _, ...rest } = options;
      return await this.#readBehind(key, this.#heedsSignals ? options : rest);
    } finally {
      this.#underWay--;
    }
  }

  #readBehind(key: string, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#source.readAsync !== undefined) return this.#source.readAsync(key, options);
    return Promise.resolve(this.#source.read!(key));
  }

  #find(key: string): GatedRead | undefined {
    return this.waiting.find((read) => read.key === key);
  }

  #decide(key: string, decision: Decision): void {
    const read = this.#find(key);
    if (read !== undefined) return decision(read);
    const decisions = this.#decisions.get(key) ?? [];
    decisions.push(decision);
    this.#decisions.set(key, decisions);
  }

  /** Waits until the read of `key` is decided, if it is not already. */
  async #pass(key: string, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const read: GatedRead = {
      key,
      signal,
      open: () => {
        if (this.#waiting.delete(read)) resolve();
      },
      fail: (error) => {
        if (this.#waiting.delete(read)) reject(error);
      },
    };
    const abort = () => read.fail(signal!.reason);
    this.#waiting.add(read);
    if (this.#heedsSignals) {
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort);
    }
    this.#meet(read);
    await promise.finally(() => signal?.removeEventListener("abort", abort));
  }

  /** Applies an earlier decision to a read, or resolves the promise of `arrival`. */
  #meet(read: GatedRead): void {
    if (!this.#waiting.has(read)) return;
    const decision = this.#decisions.get(read.key)?.shift() ?? (this.#isOpen ? open : undefined);
    if (decision !== undefined) return decision(read);
    this.#arrivals.get(read.key)?.resolve(read);
    this.#arrivals.delete(read.key);
  }
}

function open(read: GatedRead): void {
  read.open();
}

function isSource(files: object): files is Source {
  const { read, readAsync } = files as Source;
  return typeof read === "function" || typeof readAsync === "function";
}
