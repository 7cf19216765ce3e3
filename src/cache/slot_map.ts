/** So many empty slots are kept, even if the map has fewer keys. */
const KEPT_EMPTY = 64;

/**
 * A map for keys that are often deleted and added again. V8 keeps a deleted key in its hash chain until it
 * rebuilds the whole table, so deleting and setting one key beside 100 000 others takes 100 µs, 1 000 times
 * as long as usual. Here a deleted key keeps its slot, with a placeholder as its value. The empty slots
 * are deleted together, when there are more of them than keys. Each operation is O(1), amortised.
 */
export class SlotMap<V> {
  /** All slots, the empty ones with the placeholder: for callers that recognise it themselves. */
  readonly slots: Map<string, V> = new Map();
  readonly #placeholder: V;
  #empty = 0;

  constructor(placeholder: V) {
    this.#placeholder = placeholder;
  }

  get size(): number {
    return this.slots.size - this.#empty;
  }

  get(key: string): V | undefined {
    const value = this.slots.get(key);
    return value === this.#placeholder ? undefined : value;
  }

  /** Adds a key that the map does not have. */
  add(key: string, value: V): void {
    const before = this.slots.size;
    this.slots.set(key, value);
    if (this.slots.size === before) this.#empty--;
  }

  /** Deletes a key that the map has. */
  delete(key: string): void {
    this.slots.set(key, this.#placeholder);
    if (++this.#empty > Math.max(KEPT_EMPTY, this.size)) this.#sweep();
  }

  clear(): void {
    this.slots.clear();
    this.#empty = 0;
  }

  *[Symbol.iterator](): Generator<[string, V]> {
    for (const slot of this.slots) if (slot[1] !== this.#placeholder) yield slot;
  }

  /** Deletes the empty slots. */
  #sweep(): void {
    // Not a loop: in some runs V8 compiles a loop here again at every sweep.
    this.slots.forEach((value, key) => {
      if (value === this.#placeholder) this.slots.delete(key);
    });
    this.#empty = 0;
  }
}
