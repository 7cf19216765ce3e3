/** How many empty slots are nothing to worry about. */
const FEW = 64;

/**
 * A map whose keys come and go. V8 keeps a deleted key in its hash chain until it makes the whole table
 * anew, so to delete and set the same key beside 100 000 others costs 100 µs: 1 000 times as much. Here a key
 * that is deleted keeps its slot, with a stand-in for its value; when more slots are empty than not,
 * those are really deleted. Each operation is O(1), amortised.
 */
export class SlotMap<V> {
  /** All that is there, and the stand-in for what is not: for a look-up that tells that by itself. */
  readonly slots: Map<string, V> = new Map();
  readonly #standIn: V;
  #empty = 0;

  constructor(standIn: V) {
    this.#standIn = standIn;
  }

  get size(): number {
    return this.slots.size - this.#empty;
  }

  get(key: string): V | undefined {
    const value = this.slots.get(key);
    return value === this.#standIn ? undefined : value;
  }

  /** Adds a key that is not there. */
  add(key: string, value: V): void {
    const before = this.slots.size;
    this.slots.set(key, value);
    if (this.slots.size === before) this.#empty--;
  }

  /** Deletes a key that is there. */
  delete(key: string): void {
    this.slots.set(key, this.#standIn);
    if (++this.#empty > Math.max(FEW, this.size)) this.#sweep();
  }

  clear(): void {
    this.slots.clear();
    this.#empty = 0;
  }

  *[Symbol.iterator](): Generator<[string, V]> {
    for (const slot of this.slots) if (slot[1] !== this.#standIn) yield slot;
  }

  /** A key that is deleted here can come back only a few times before V8 makes its table anew. */
  #sweep(): void {
    // A loop in place of the callback is compiled again at each sweep, now and then for ever.
    this.slots.forEach((value, key) => {
      if (value === this.#standIn) this.slots.delete(key);
    });
    this.#empty = 0;
  }
}
