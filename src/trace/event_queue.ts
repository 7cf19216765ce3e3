import type { TraceEvent } from "./trace_file.ts";

/**
 * Changes within this time are grouped, in microseconds: a counter shows its peak and its last
 * value, and a shorter live or idle span of a resource is not drawn.
 */
export const GRAIN = 100;

/** An object whose changes are grouped. */
export interface Grouped {
  /** Writes the changes since {@linkcode EventQueue.group} was called. */
  flush(): void;
}

/** Sorts the events of a file by time, and groups changes that follow each other quickly. */
export class EventQueue {
  /** The current time, in whole microseconds. */
  now = 0;
  #events: TraceEvent[] = [];
  /** The end of each group, the earliest first. */
  readonly #groups = new Map<Grouped, number>();

  /** Adds an event, which may be up to {@linkcode GRAIN} in the past. */
  add(event: TraceEvent): void {
    this.#events.push(event);
  }

  /** Starts a group of changes of `what`. Returns `false` if there is one already. */
  group(what: Grouped): boolean {
    if (this.#groups.has(what)) return false;
    this.#groups.set(what, this.now + GRAIN);
    return true;
  }

  /** Drops the group of `what`. */
  drop(what: Grouped): void {
    this.#groups.delete(what);
  }

  /** Advances to `time`, and flushes the groups that end before it. */
  moveTo(time: number): void {
    this.now = time;
    this.#flush(time);
  }

  /** Flushes all groups. */
  flush(): void {
    this.#flush(Infinity);
  }

  #flush(time: number): void {
    for (const [what, end] of this.#groups) {
      if (end > time) break;
      this.#groups.delete(what);
      what.flush();
    }
  }

  /** Takes out the events that no later event can precede, sorted by time. */
  take(): TraceEvent[] {
    return this.#takeUntil(this.now - GRAIN);
  }

  /** Takes out all events, sorted by time. */
  takeAll(): TraceEvent[] {
    return this.#takeUntil(Infinity);
  }

  #takeUntil(time: number): TraceEvent[] {
    const events = this.#events.sort((a, b) => a.ts - b.ts); // Stable: spans stay nested.
    const left = events.findIndex(({ ts }) => ts > time);
    this.#events = left === -1 ? [] : events.splice(left);
    return events;
  }
}
