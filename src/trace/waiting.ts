import type { QueuedWork } from "../contract/stats.ts";
import { Counter } from "./counter.ts";
import type { EventQueue } from "./event_queue.ts";
import { Kind } from "./kind.ts";
import { GROUPS } from "./tracks.ts";

/** The work that waits for a pump after an event. Most events do not change it. */
export function waitingAfter(
  before: QueuedWork | undefined,
  { kind, subject, value }: { kind: number; subject: number; value: number },
): QueuedWork | undefined {
  const { loads, unloads, bytes } = before ?? { loads: 0, unloads: 0, bytes: 0 };
  if (kind === Kind.queuedLoads) return { loads: value, unloads, bytes };
  if (kind === Kind.queuedUnloads) return { loads, unloads: subject, bytes: value };
  return before;
}

/** The counters of the work that waits for a pump. */
export class WaitingCounters {
  readonly #work: Counter;
  readonly #bytes: Counter;

  constructor(queue: EventQueue) {
    const options = { group: GROUPS.resources, brief: false };
    this.#work = new Counter(queue, "waiting for a pump", options);
    this.#bytes = new Counter(queue, "bytes to be freed by a pump", options);
  }

  set({ loads, unloads, bytes }: QueuedWork): void {
    this.#work.set({ loads, unloads }, loads + unloads);
    this.#bytes.set({ bytes }, bytes);
  }
}
