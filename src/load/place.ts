import type { Flight } from "./flight.ts";
import type { ReadQueue } from "./read_queue.ts";

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
