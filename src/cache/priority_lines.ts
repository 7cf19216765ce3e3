import { type Linked, LinkedList } from "../contract/linked_list.ts";
import { cannot } from "../contract/printable.ts";
import type { LoadPriority } from "../contract/task.ts";

/** From the most to the least urgent. */
const PRIORITIES: readonly LoadPriority[] = ["high", "normal", "low"];

/** How urgent something is: `"now"` waits for nothing, and can't be asked for by a user. */
export type Urgency = LoadPriority | "now";

/** Throws a `TypeError` unless `priority` is one. */
export function assertPriority(name: string, priority: Urgency): void {
  if ((PRIORITIES as readonly Urgency[]).includes(priority)) return;
  const known = PRIORITIES.map((each) => `"${each}"`).join(", ");
  throw new TypeError(
    cannot("load", name, `"${priority}" is not a priority, use one of ${known}`),
  );
}

/** The more urgent of two. */
export function moreUrgent(a: Urgency, b: Urgency): Urgency {
  return PRIORITIES.indexOf(a as LoadPriority) < PRIORITIES.indexOf(b as LoadPriority) ? a : b;
}

/** What waits for its turn. */
export interface Queued extends Linked<Queued> {
  /** In which line it stands; `undefined` when it has left all. */
  line: Urgency | undefined;
}

/** What waits: the most urgent first, and what is equally urgent in its order. Each operation is O(1). */
export class PriorityLines<Item extends Queued> {
  /** How many wait. */
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

  /** Takes one out. Returns whether it stood in a line. */
  withdraw(item: Item): boolean {
    const { line } = item;
    if (line === undefined) return false;
    item.line = undefined;
    this.#lines[line as LoadPriority].delete(item);
    this.size--;
    return true;
  }

  /** The next one. */
  get first(): Item | undefined {
    const priority = PRIORITIES.find((each) => this.#lines[each].first !== undefined);
    return priority && this.#lines[priority].first as Item;
  }

  /** Takes the next one out. */
  next(): Item | undefined {
    const item = this.first;
    if (item !== undefined) this.withdraw(item);
    return item;
  }

  /** Moves the first ones of each line to the end of the most urgent, for as long as `isDue` says so. */
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
