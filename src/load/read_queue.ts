import type { LoadPriority } from "../contract/task.ts";

/** From the most to the least urgent. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** Throws a `TypeError` unless `priority` is one. */
export function assertPriority(name: string, priority: LoadPriority): void {
  if (PRIORITIES.includes(priority)) return;
  const known = PRIORITIES.map((each) => `"${each}"`).join(", ");
  throw new TypeError(`Cannot load "${name}": no priority is "${priority}", use one of ${known}`);
}

/** The more urgent of two. */
export function moreUrgent(a: LoadPriority, b: LoadPriority): LoadPriority {
  return PRIORITIES.indexOf(a) < PRIORITIES.indexOf(b) ? a : b;
}

/** A read that waits for its turn. */
export interface Queued {
  /** In which line it stands; `undefined` when it has left all. */
  line: LoadPriority | undefined;
  /** Called when a place is free; whoever is admitted calls {@linkcode ReadQueue.leave} once. */
  readonly admit: () => void;
}

/** A line that reads leave lazily: those that stand in another one now are passed over. */
class Line {
  readonly #priority: LoadPriority;
  #reads: Queued[] = [];
  #first = 0;

  constructor(priority: LoadPriority) {
    this.#priority = priority;
  }

  join(read: Queued): void {
    read.line = this.#priority;
    this.#reads.push(read);
  }

  /** The next one that still stands here. O(1) amortised. */
  next(): Queued | undefined {
    while (this.#first < this.#reads.length) {
      const read = this.#reads[this.#first++]!;
      if (read.line === this.#priority) return read;
    }
    this.#reads = [];
    this.#first = 0;
    return undefined;
  }
}

/**
 * Admits so many reads at once, the most urgent first, and equally urgent ones in their order.
 * A place is held while bytes are read, and never while a loader waits for its dependencies: so
 * parents and children cannot block each other.
 */
export class ReadQueue {
  #free: number;
  readonly #lines: readonly Line[] = PRIORITIES.map((priority) => new Line(priority));

  constructor(maxConcurrency: number) {
    this.#free = maxConcurrency;
  }

  /** Admits `read` when a place is free. */
  join(read: Queued, priority: LoadPriority): void {
    this.#lineOf(priority).join(read);
    this.#admit();
  }

  /** Moves a read that waits to a more urgent line. */
  raise(read: Queued, priority: LoadPriority): void {
    if (read.line !== undefined && read.line !== priority) this.#lineOf(priority).join(read);
  }

  /** Gives a place back. */
  leave(): void {
    this.#free++;
    this.#admit();
  }

  #lineOf(priority: LoadPriority): Line {
    return this.#lines[PRIORITIES.indexOf(priority)]!;
  }

  #admit(): void {
    while (this.#free > 0) {
      const read = this.#next();
      if (read === undefined) return;
      read.line = undefined;
      this.#free--;
      read.admit();
    }
  }

  #next(): Queued | undefined {
    for (const line of this.#lines) {
      const read = line.next();
      if (read !== undefined) return read;
    }
    return undefined;
  }
}
