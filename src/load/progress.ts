import type { EventHub } from "../contract/events.ts";
import type { LoadOptions, LoadProgress } from "../contract/task.ts";

/** A resource that the load needs. */
interface Part {
  bytes: number;
  /** Its size in bytes; `undefined` while that is unknown. */
  total: number | undefined;
  done: boolean;
}

/** What a {@linkcode Progress} needs. */
interface ProgressOptions {
  readonly events: EventHub;
  /** The size of a key in bytes, if it is known before the read. */
  sizeOf(key: string): number | undefined;
}

/**
 * Reports how far a load is, with everything that its loaders turn out to need. Each report is
 * O(1).
 */
export class Progress {
  readonly #tell: NonNullable<LoadOptions["onProgress"]>;
  readonly #options: ProgressOptions;
  readonly #parts = new Map<string, Part>();
  #done = 0;
  #bytes = 0;
  /** The sum of the known sizes. */
  #totalBytes = 0;
  /** How many parts have a size that is unknown. */
  #unknown = 0;
  /**
   * The keys that were asked for and are not done yet. After the last one the load is settled, and
   * the reports end.
   */
  readonly #open = new Set<string>();
  #closed = false;

  /** Begins with what was asked for: keys, or stand-ins for invalid names. */
  constructor(
    tell: NonNullable<LoadOptions["onProgress"]>,
    parts: Iterable<string>,
    options: ProgressOptions,
  ) {
    this.#tell = tell;
    this.#options = options;
    for (const key of parts) {
      this.#add(key);
      this.#open.add(key);
    }
    this.#report();
  }

  /** Adds a key that turns out to be needed. */
  expect(key: string): void {
    if (this.#add(key)) this.#report();
  }

  /** Notes how many bytes of `key` were read: fewer than before, if a source tries again. */
  read(key: string, bytes: number, totalBytes?: number): void {
    const part = this.#parts.get(key);
    if (!part || part.done || !(bytes >= 0)) return;
    const given = totalBytes ?? this.#options.sizeOf(key);
    const total = given !== undefined && given >= bytes ? given : undefined;
    if (part.bytes === bytes && part.total === total) return;
    this.#set(part, bytes, total);
    this.#report();
  }

  /** Notes that `key` was loaded or has failed. What it has not read by now was not needed. */
  end(key: string): void {
    const part = this.#parts.get(key);
    if (!part || part.done) return;
    this.#set(part, part.bytes, part.bytes);
    part.done = true;
    this.#done++;
    this.#report();
    if (this.#open.delete(key) && this.#open.size === 0) this.close();
  }

  /** Adds a key that is needed and already resident. */
  found(key: string): void {
    this.#add(key);
    this.end(key);
  }

  /** Ends the reports. */
  close(): void {
    this.#closed = true;
  }

  #add(key: string): boolean {
    if (this.#parts.has(key)) return false;
    const total = this.#options.sizeOf(key);
    this.#parts.set(key, { bytes: 0, total, done: false });
    if (total === undefined) this.#unknown++;
    else this.#totalBytes += total;
    return true;
  }

  #set(part: Part, bytes: number, total: number | undefined): void {
    this.#bytes += bytes - part.bytes;
    this.#totalBytes += (total ?? 0) - (part.total ?? 0);
    this.#unknown += Number(total === undefined) - Number(part.total === undefined);
    part.bytes = bytes;
    part.total = total;
  }

  #report(): void {
    if (this.#closed) return;
    const { size } = this.#parts;
    const progress: LoadProgress = { done: this.#done, total: size };
    // A loader that has read the last bytes may still ask for more.
    const isFinal = this.#done === size || this.#bytes < this.#totalBytes;
    const isKnown = this.#unknown === 0 && this.#totalBytes > 0 && isFinal;
    if (this.#bytes > 0 || isKnown) progress.bytes = this.#bytes;
    if (isKnown) progress.totalBytes = this.#totalBytes;
    const tell = this.#tell;
    try {
      tell(progress);
    } catch (error) {
      this.#options.events.fail(error);
    }
  }
}

/**
 * The progress reports that follow one load. Most loads have none, and then no instance of this.
 */
export class Followers {
  readonly #all = new Set<Progress>();

  /** Returns whether `progress` is new. */
  add(progress: Progress): boolean {
    if (this.#all.has(progress)) return false;
    this.#all.add(progress);
    return true;
  }

  expect(key: string): void {
    for (const each of this.#all) each.expect(key);
  }

  read(key: string, bytes: number, totalBytes?: number): void {
    for (const each of this.#all) each.read(key, bytes, totalBytes);
  }

  end(key: string): void {
    for (const each of this.#all) each.end(key);
  }

  found(key: string): void {
    for (const each of this.#all) each.found(key);
  }

  /** Lets them follow `flight` too. */
  follow(flight: { follow(progress: Progress): void }): void {
    for (const each of this.#all) flight.follow(each);
  }
}
