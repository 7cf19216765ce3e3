import { PriorityLines, type Queued, type Urgency } from "../cache/priority_lines.ts";
import type { Reads, WorkQueue } from "../cache/work_queue.ts";
import { onAbort } from "../contract/on_abort.ts";
import type { Flight } from "./flight.ts";

/** How many loaders may wait for a pump before no further read begins: more than a pump runs. */
const MANY = 128;

/** A read that waits for its turn. */
export interface QueuedRead extends Queued {
  /** Called when a place is free. Each read that is admitted calls {@linkcode ReadQueue.leave} once. */
  readonly admit: () => void;
}

/**
 * Limits how many reads run at once. It admits the most urgent first, and equally urgent ones in
 * their order. A read keeps its place while bytes are read, and not while its loader waits for
 * dependencies: so parents and children cannot block each other.
 *
 * In a paced manager, reads also wait for the loaders. Otherwise thousands of files that a source
 * has in memory would be read at once, in one task, and their bytes kept until the last pump.
 */
export class ReadQueue implements Reads {
  #free: number;
  readonly #lines: PriorityLines<QueuedRead> = new PriorityLines();
  readonly #work: WorkQueue | undefined;

  constructor(maxConcurrency: number, work?: WorkQueue) {
    this.#free = maxConcurrency;
    this.#work = work;
    if (work !== undefined) work.reads = this;
  }

  /** How many reads wait. */
  get length(): number {
    return this.#lines.size;
  }

  /** Admits `read` when a place is free, or at once if it is for `"now"`. */
  join(read: QueuedRead, urgency: Urgency): void {
    if (urgency === "now") return this.#enter(read);
    this.#lines.add(read, urgency);
    this.admit();
    this.#work?.warnIfMany();
  }

  /** Moves a read that waits to a more urgent line. */
  raise(read: QueuedRead, urgency: Urgency): void {
    if (read.line !== urgency && this.#lines.withdraw(read)) this.join(read, urgency);
  }

  /** Removes a waiting read that nobody wants any more. Returns whether it stood in a line. */
  withdraw(read: QueuedRead): boolean {
    return this.#lines.withdraw(read);
  }

  /** Frees a place, and admits the next read. */
  leave(): void {
    this.#free++;
    this.admit();
  }

  /** Admits waiting reads while there are free places. */
  admit(): void {
    while (this.#free > 0 && !(this.#work && this.#work.loads >= MANY)) {
      const read = this.#lines.next();
      if (!read) return;
      this.#enter(read);
    }
  }

  #enter(read: QueuedRead): void {
    this.#free--;
    read.admit();
  }
}

/**
 * The place that a read holds in a queue. Its source may leave it to others while it only waits.
 */
export class Place {
  #state: "held" | "paused" | "ended" = "held";
  readonly #flight: Flight;
  /** Ends the wait for a place. */
  #stopWaiting: (() => void) | undefined;
  readonly #queue: ReadQueue;

  constructor(flight: Flight, queue: ReadQueue) {
    this.#flight = flight;
    this.#queue = queue;
  }

  /** Runs `wait` without the place, and then lines up again: {@linkcode ReadOptions.pause}. */
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

  /** Ends the read: frees its place, or ends the wait for one. */
  end(): void {
    const isHeld = this.#state === "held";
    this.#state = "ended";
    if (isHeld) this.#queue.leave();
    else if (this.#queue.withdraw(this.#flight)) this.#stopWaiting?.();
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
      this.#stopWaiting = () => {
        stopListening();
        resolve();
      };
      flight.resume = () => {
        this.#state = "held";
        this.#stopWaiting!();
      };
      this.#queue.join(flight, flight.priority);
    }
    return promise;
  }
}
