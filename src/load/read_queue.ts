import type { Flight } from "./flight.ts";
import { type Linked, LinkedList } from "../contract/linked_list.ts";
import { onAbort } from "../contract/on_abort.ts";
import { cannot } from "../contract/printable.ts";
import type { LoadPriority } from "../contract/task.ts";

/** From the most to the least urgent. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** How urgent a read is: `"now"` waits for no place, and is nothing that a user can ask for. */
export type Urgency = LoadPriority | "now";

/** Throws a `TypeError` unless `priority` is one. */
export function assertPriority(name: string, priority: Urgency): void {
  if ((PRIORITIES as readonly Urgency[]).includes(priority)) return;
  const known = PRIORITIES.map((each) => `"${each}"`).join(", ");
  throw new TypeError(
    cannot("load", name, `no priority is "${priority}", use one of ${known}`),
  );
}

/** The more urgent of two. */
export function moreUrgent(a: Urgency, b: Urgency): Urgency {
  return PRIORITIES.indexOf(a as LoadPriority) < PRIORITIES.indexOf(b as LoadPriority) ? a : b;
}

/** A read that waits for its turn. */
export interface Queued extends Linked<Queued> {
  /** In which line it stands; `undefined` when it has left all. */
  line: Urgency | undefined;
  /** Called when a place is free. Each read that is admitted calls {@linkcode ReadQueue.leave} once. */
  readonly admit: () => void;
}

/**
 * Admits so many reads at once, the most urgent first, and equally urgent ones in their order.
 * A place is held while bytes are read, and never while a loader waits for its dependencies: so
 * parents and children cannot block each other.
 */
export class ReadQueue {
  #free: number;
  readonly #lines: Record<LoadPriority, LinkedList<Queued>> = {
    high: new LinkedList(),
    normal: new LinkedList(),
    low: new LinkedList(),
  };

  constructor(maxConcurrency: number) {
    this.#free = maxConcurrency;
  }

  /** How many reads wait. O(reads). */
  get length(): number {
    return PRIORITIES.flatMap((each) => [...this.#lines[each]]).length;
  }

  /** Admits `read` when a place is free, or at once if it is for `"now"`. */
  join(read: Queued, urgency: Urgency): void {
    if (urgency === "now") return this.#enter(read);
    read.line = urgency;
    this.#lines[urgency].add(read);
    this.#admit();
  }

  /** Moves a read that waits to a more urgent line. */
  raise(read: Queued, urgency: Urgency): void {
    const { line } = read;
    if (line === undefined || line === urgency) return;
    this.withdraw(read);
    this.join(read, urgency);
  }

  /** A read that waits is not wanted any more. */
  withdraw(read: Queued): void {
    const { line } = read;
    if (line === undefined) return;
    read.line = undefined;
    this.#lines[line as LoadPriority].delete(read);
  }

  /** Gives a place back. */
  leave(): void {
    this.#free++;
    this.#admit();
  }

  #admit(): void {
    for (const priority of PRIORITIES) {
      const line = this.#lines[priority];
      while (this.#free > 0 && line.first) this.#enter(line.first);
    }
  }

  #enter(read: Queued): void {
    this.withdraw(read);
    this.#free--;
    read.admit();
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
    if (this.#state === "ended") resolve();
    else if (signal.aborted) reject(signal.reason);
    else {
      const stopListening = onAbort(signal, () => reject(signal.reason));
      flight.resume = () => {
        stopListening();
        if (this.#state === "ended") this.#queue.leave();
        else this.#state = "held";
        resolve();
      };
      this.#queue.join(flight, flight.priority);
    }
    return promise;
  }
}
