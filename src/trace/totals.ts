import { Counter } from "./counter.ts";
import type { EventQueue } from "./event_queue.ts";
import type { Stay } from "./stay.ts";
import { GROUPS } from "./tracks.ts";

/** The sums over all resident resources, and their counters. */
export class Totals {
  readonly #bytes: Counter;
  readonly #resources: Counter;
  readonly #references: Counter;
  liveBytes = 0;
  idleBytes = 0;
  #live = 0;
  #idle = 0;
  #all = 0;

  constructor(queue: EventQueue) {
    const counter = (name: string) =>
      new Counter(queue, name, { group: GROUPS.resources, brief: false });
    this.#bytes = counter("resident bytes");
    this.#resources = counter("resident resources");
    this.#references = counter("all");
  }

  /** Adds a stay to the sums, or removes it if `sign` is -1. */
  add({ state, refs, bytes }: Stay, sign: 1 | -1): void {
    this.#all += sign * refs;
    if (state === "live") {
      this.#live += sign;
      this.liveBytes += sign * bytes;
    } else {
      this.#idle += sign;
      this.idleBytes += sign * bytes;
    }
  }

  /** Sets the counters to the sums. */
  show(): void {
    const { liveBytes, idleBytes } = this;
    const [live, idle, references] = [this.#live, this.#idle, this.#all];
    this.#bytes.set({ live: liveBytes, idle: idleBytes }, liveBytes + idleBytes);
    this.#resources.set({ live, idle }, live + idle);
    this.#references.set({ references }, references);
  }
}
