import type { EventHub } from "../contract/events.ts";
import type { LoadOptions, LoadProgress } from "../contract/task.ts";

/** One resource that is needed. */
interface Part {
  bytes: number;
  /** How many bytes it will be; `undefined` while nobody has said it. */
  total: number | undefined;
  done: boolean;
}

/** What a progress works with. */
interface ProgressOptions {
  readonly events: EventHub;
  /** How many bytes a key has, if that is known before it is read. */
  sizeOf(key: string): number | undefined;
}

/** Tells how far a load is, with all that its loaders turn out to need. Each report is O(1). */
export class Progress {
  readonly #tell: NonNullable<LoadOptions["onProgress"]>;
  readonly #options: ProgressOptions;
  readonly #parts = new Map<string, Part>();
  #done = 0;
  #bytes = 0;
  /** The sum of what will be read, and of how many parts that is not known. */
  #totalBytes = 0;
  #unknown = 0;
  /** What was asked for and is not done yet: when all is, the load is settled, and tells no more. */
  readonly #open = new Set<string>();
  #closed = false;

  /** Begins with what was asked for: keys, or names that stand for none. */
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

  /** `key` turns out to be needed. */
  expect(key: string): void {
    if (this.#add(key)) this.#report();
  }

  /** So much of `key` has been read. Less than before, where a source tries again. */
  read(key: string, bytes: number, totalBytes?: number): void {
    const part = this.#parts.get(key);
    if (!part || part.done || !(bytes >= 0)) return;
    const given = totalBytes ?? this.#options.sizeOf(key);
    const total = given !== undefined && given >= bytes ? given : undefined;
    if (part.bytes === bytes && part.total === total) return;
    this.#set(part, bytes, total);
    this.#report();
  }

  /** `key` is there, or has failed: what it has not read by now, it had no need to. */
  end(key: string): void {
    const part = this.#parts.get(key);
    if (!part || part.done) return;
    this.#set(part, part.bytes, part.bytes);
    part.done = true;
    this.#done++;
    this.#report();
    if (this.#open.delete(key) && this.#open.size === 0) this.close();
  }

  /** `key` is needed, and there already. */
  found(key: string): void {
    this.#add(key);
    this.end(key);
  }

  /** Tells nothing any more. */
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
    // A loader that is at work on the last bytes may ask for more.
    const isTrue = this.#done === size || this.#bytes < this.#totalBytes;
    const isKnown = this.#unknown === 0 && this.#totalBytes > 0 && isTrue;
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

/** All who want to know how far one load is. Mostly there is nobody, and then none of this. */
export class Followers {
  readonly #all = new Set<Progress>();

  /** Returns whether it is new. */
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

  /** They want to know of `flight` too. */
  follow(flight: { follow(progress: Progress): void }): void {
    for (const each of this.#all) flight.follow(each);
  }

  get size(): number {
    return this.#all.size;
  }
}
