import type { TraceEvent } from "./trace_file.ts";

/**
 * What changes within so many microseconds is grouped: a counter shows its peak and its last value,
 * and a resource that was live or idle for less is not drawn as such.
 */
export const GRAIN = 100;

/** Something whose changes are grouped. */
export interface Grouped {
  /** Writes what has changed since it was given to {@linkcode EventQueue.group}. */
  flush(): void;
}

/** The events of a file on their way out, sorted by time, and what is still being grouped. */
export class EventQueue {
  /** The time that has been reached, in whole microseconds. */
  now = 0;
  #events: TraceEvent[] = [];
  /** Until when each is grouped, the earliest first. */
  readonly #groups = new Map<Grouped, number>();

  /** Adds an event, which may be up to {@linkcode GRAIN} in the past. */
  add(event: TraceEvent): void {
    this.#events.push(event);
  }

  /** Groups the changes of `what` from now on. Returns whether they were not grouped already. */
  group(what: Grouped): boolean {
    if (this.#groups.has(what)) return false;
    this.#groups.set(what, this.now + GRAIN);
    return true;
  }

  /** Drops what was grouped of `what`. */
  drop(what: Grouped): void {
    this.#groups.delete(what);
  }

  /** Goes on to `time`, and flushes what was grouped long enough. */
  moveTo(time: number): void {
    this.now = time;
    this.#flush(time);
  }

  /** Flushes all that is grouped. */
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

  /** Takes out the events that none can come before any more, by time. */
  take(): TraceEvent[] {
    return this.#takeUntil(this.now - GRAIN);
  }

  /** Takes out all events, by time. */
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
