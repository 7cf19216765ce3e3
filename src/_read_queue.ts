import type { LoadPriority } from "./load_task.ts";

/** From the most to the least urgent. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** The more urgent of two. */
export function moreUrgent(a: LoadPriority, b: LoadPriority): LoadPriority {
  return PRIORITIES.indexOf(a) < PRIORITIES.indexOf(b) ? a : b;
}

/** A read that waits for its turn. */
export class Ticket {
  /** In which line it stands; `undefined` when it has left all. */
  priority: LoadPriority | undefined;
  readonly admit: () => void;

  constructor(priority: LoadPriority, admit: () => void) {
    this.priority = priority;
    this.admit = admit;
  }
}

/** A line from which tickets leave lazily: those whose priority is another one now are passed over. */
class Line {
  readonly #priority: LoadPriority;
  #tickets: Ticket[] = [];
  #first = 0;

  constructor(priority: LoadPriority) {
    this.#priority = priority;
  }

  join(ticket: Ticket): void {
    this.#tickets.push(ticket);
  }

  /** The next one that still stands here. O(1) amortised. */
  next(): Ticket | undefined {
    while (this.#first < this.#tickets.length) {
      const ticket = this.#tickets[this.#first++]!;
      if (ticket.priority === this.#priority) return ticket;
    }
    this.#tickets = [];
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

  /** Calls `admit` when a place is free; whoever is admitted calls {@linkcode leave} once. */
  join(priority: LoadPriority, admit: () => void): Ticket {
    const ticket = new Ticket(priority, admit);
    this.#lineOf(priority).join(ticket);
    this.#admit();
    return ticket;
  }

  /** Moves a waiting ticket to a more urgent line. */
  raise(ticket: Ticket, priority: LoadPriority): void {
    if (ticket.priority === undefined || ticket.priority === priority) return;
    ticket.priority = priority;
    this.#lineOf(priority).join(ticket);
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
      const ticket = this.#next();
      if (ticket === undefined) return;
      ticket.priority = undefined;
      this.#free--;
      ticket.admit();
    }
  }

  #next(): Ticket | undefined {
    for (const line of this.#lines) {
      const ticket = line.next();
      if (ticket !== undefined) return ticket;
    }
    return undefined;
  }
}
