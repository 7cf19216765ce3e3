import type { Entry } from "./entry.ts";
import { SlotMap } from "./slot_map.ts";

/** Stands for the dependents of every key that has none. */
const NONE: Set<Entry> = new Set();

/**
 * Which entries were made from which keys: a reload of a key has to reload these too. An entry without
 * dependencies takes no space here. Adding and removing an entry is O(its dependencies).
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

  /** The resident entries that were made from `key`. */
  of(key: string): Iterable<Entry> {
    return this.#byKey.get(key) ?? NONE;
  }
}
