import { type Linked, LinkedList } from "../contract/linked_list.ts";
import { cannot } from "../contract/printable.ts";
import type { LoadPriority } from "../contract/task.ts";

/** The most urgent first. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** How urgent a load is. `"now"` does not wait at all; users can't request it. */
export type Urgency = LoadPriority | "now";

/** Throws a `TypeError` if `priority` is not a priority that users can request. */
export function assertPriority(name: string, priority: Urgency): void {
  if ((PRIORITIES as readonly Urgency[]).includes(priority)) return;
  const known = PRIORITIES.map((each) => `"${each}"`).join(", ");
  throw new TypeError(
    cannot("load", name, `"${priority}" is not a priority, use one of ${known}`),
  );
}

/** Returns the more urgent of two. `"now"` is the most urgent, because its index is -1. */
export function moreUrgent(a: Urgency, b: Urgency): Urgency {
  return PRIORITIES.indexOf(a as LoadPriority) < PRIORITIES.indexOf(b as LoadPriority) ? a : b;
}

/** An item that waits. */
export interface Queued extends Linked<Queued> {
  /** The line that it is in; `undefined` when it does not wait any more. */
  line: LoadPriority | undefined;
}

/** A priority queue. Equally urgent items keep their order. O(1) for each item that is added or moved. */
export class PriorityLines<Item extends Queued> {
  /** How many items wait. */
  size = 0;
  readonly #lines: Record<LoadPriority, LinkedList<Queued>> = {
    high: new LinkedList(),
    normal: new LinkedList(),
    low: new LinkedList(),
  };

  add(item: Item, priority: LoadPriority): void {
    item.line = priority;
    this.#lines[priority].add(item);
    this.size++;
  }

  /** Removes an item. Returns whether it was in a line. */
  withdraw(item: Item): boolean {
    const { line } = item;
    if (line === undefined) return false;
    item.line = undefined;
    this.#lines[line].delete(item);
    this.size--;
    return true;
  }

  /** The next item. */
  get first(): Item | undefined {
    const priority = PRIORITIES.find((each) => this.#lines[each].first !== undefined);
    return priority && this.#lines[priority].first as Item;
  }

  /** Removes the next item and returns it. */
  next(): Item | undefined {
    const item = this.first;
    if (item !== undefined) this.withdraw(item);
    return item;
  }

  /** Moves the first items of each line to the end of the most urgent line, while `isDue` returns true. */
  promote(isDue: (item: Item) => boolean): void {
    for (const priority of PRIORITIES.slice(1)) {
      for (;;) {
        const item = this.#lines[priority].first as Item | undefined;
        if (item === undefined || !isDue(item)) break;
        this.withdraw(item);
        this.add(item, PRIORITIES[0]!);
      }
    }
  }
}
