import type { Flight } from "./flight.ts";
import { quote } from "../contract/printable.ts";
import type { LoadPriority } from "../contract/task.ts";

/** From the most to the least urgent. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** Throws a `TypeError` unless `priority` is one. */
export function assertPriority(name: string, priority: LoadPriority): void {
  if (PRIORITIES.includes(priority)) return;
  const known = PRIORITIES.map((each) => `"${each}"`).join(", ");
  throw new TypeError(
    `Cannot load ${quote(name)}: no priority is "${priority}", use one of ${known}`,
  );
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

/** Reads that wait. They join `last`, and are taken off the end of `first`, which is `last` reversed. */
interface Line {
  first: Queued[];
  last: Queued[];
}

/**
 * Admits so many reads at once, the most urgent first, and equally urgent ones in their order.
 * A place is held while bytes are read, and never while a loader waits for its dependencies: so
 * parents and children cannot block each other.
 */
export class ReadQueue {
  #free: number;
  readonly #lines: Record<LoadPriority, Line> = {
    high: { first: [], last: [] },
    normal: { first: [], last: [] },
    low: { first: [], last: [] },
  };

  constructor(maxConcurrency: number) {
    this.#free = maxConcurrency;
  }

  /** Admits `read` when a place is free. */
  join(read: Queued, priority: LoadPriority): void {
    this.#append(read, priority);
    this.#admit();
  }

  /** Moves a read that waits to a more urgent line. It leaves the other one lazily. */
  raise(read: Queued, priority: LoadPriority): void {
    if (read.line !== undefined && read.line !== priority) this.#append(read, priority);
  }

  /** Gives a place back. */
  leave(): void {
    this.#free++;
    this.#admit();
  }

  #append(read: Queued, priority: LoadPriority): void {
    read.line = priority;
    this.#lines[priority].last.push(read);
  }

  #admit(): void {
    for (const priority of PRIORITIES) {
      while (this.#free > 0) {
        const read = this.#next(priority);
        if (read === undefined) break;
        read.line = undefined;
        this.#free--;
        read.admit();
      }
    }
  }

  /** The next one that still stands in this line. O(1) amortised. */
  #next(priority: LoadPriority): Queued | undefined {
    const line = this.#lines[priority];
    for (;;) {
      if (line.first.length === 0) {
        line.first = line.last.reverse();
        line.last = [];
      }
      const read = line.first.pop();
      if (read === undefined || read.line === priority) return read;
    }
  }
}

/** The place that a read holds of a queue. Its source may leave it to others while it only waits. */
export class Place {
  #state: "held" | "paused" | "ended" = "held";
  readonly #flight: Flight;
  readonly #queue: ReadQueue;

  constructor(flight: Flight, queue: ReadQueue) {
    this.#flight = flight;
    this.#queue = queue;
  }

  /** Runs `wait` without the place, and lines up again: {@linkcode ReadOptions.pause}. */
  async pause<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#state !== "held") return await wait();
    this.#state = "paused";
    this.#queue.leave();
    try {
      return await wait();
    } finally {
      await this.#resume();
    }
  }

  /** The read has ended: gives the place back, if it is held. */
  end(): void {
    const isHeld = this.#state === "held";
    this.#state = "ended";
    if (isHeld) this.#queue.leave();
  }

  /** Waits for a place, for as long as the read is wanted. */
  #resume(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const flight = this.#flight;
    const { signal } = flight;
    const stop = () => reject(signal.reason);
    flight.resume = () => {
      signal.removeEventListener("abort", stop);
      if (this.#state === "ended") this.#queue.leave();
      else this.#state = "held";
      resolve();
    };
    if (this.#state === "ended") resolve();
    else if (signal.aborted) stop();
    else {
      signal.addEventListener("abort", stop, { once: true });
      this.#queue.join(flight, flight.priority);
    }
    return promise;
  }
}
