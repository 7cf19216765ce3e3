/** How many keys are suspected at once. The one that leaked longest ago makes room. */
const MOST = 16;
/** Of how many handles of a key the call site is captured after it has leaked. */
const EACH = 8;

/**
 * The keys that have leaked, while nobody knows where. The call sites of their next few handles are
 * captured: a mistake that is made again then has its line in the next report, and what never leaks
 * costs nothing. Some 25 µs for each of at most 128 handles, after each collection that finds leaks.
 */
export class Suspects {
  readonly #left = new Map<string, number>();

  /** Whether there are any. */
  get any(): boolean {
    return this.#left.size > 0;
  }

  has(key: string): boolean {
    return this.#left.has(key);
  }

  add(key: string): void {
    this.#left.delete(key);
    this.#left.set(key, EACH);
    if (this.#left.size > MOST) this.#left.delete(this.#left.keys().next().value!);
  }

  /** Whether the call site of a handle of `key`, which is being opened, is to be captured. */
  take(key: string): boolean {
    const left = this.#left.get(key);
    if (left === undefined) return false;
    if (left > 1) this.#left.set(key, left - 1);
    else this.#left.delete(key);
    return true;
  }
}
