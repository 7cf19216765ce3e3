import type { Entry } from "./entry.ts";
import { SlotMap } from "./slot_map.ts";

const NONE: Set<Entry> = new Set();

/**
 * Which residents were made from which keys: those that a reload of a key has to reload too.
 * Nothing is kept for a resource that depends on none. O(dependencies) to add and to remove.
 */
export class Dependents {
  readonly #byKey = new SlotMap<Set<Entry>>(NONE);

  add(entry: Entry): void {
    for (const key of entry.dependencies) {
      const known = this.#byKey.get(key);
      if (!known) this.#byKey.add(key, new Set([entry]));
      else known.add(entry);
    }
  }

  remove(entry: Entry): void {
    for (const key of entry.dependencies) {
      const known = this.#byKey.get(key);
      known?.delete(entry);
      if (known?.size === 0) this.#byKey.delete(key);
    }
  }

  /** The residents that were made from `key`. */
  of(key: string): Iterable<Entry> {
    return this.#byKey.get(key) ?? NONE;
  }

  /** How many keys something depends on. */
  get size(): number {
    return this.#byKey.size;
  }
}
