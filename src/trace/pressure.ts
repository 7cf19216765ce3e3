/**
 * How resident bytes compare to the budget. They fit; or they do not fit, and idle resources are
 * being evicted; or live resources alone do not fit, and there is nothing left to evict.
 */
export type Pressure = "fits" | "making room" | "over budget";

/** Follows how resident bytes compare to the budget. */
export class PressureGauge {
  readonly #maxBytes: number;
  /** Whether an eviction has ended and live resources alone did not fit; until all fit again. */
  #over = false;
  now: Pressure = "fits";

  constructor(maxBytes = Infinity) {
    this.#maxBytes = maxBytes;
  }

  /**
   * So much was resident when the trace began. It is taken for what the last eviction has left.
   * Returns whether it does not fit.
   */
  begin(live: number, idle: number): boolean {
    this.now = "fits";
    this.#over = live > this.#maxBytes;
    return this.measure(live, idle);
  }

  /** An eviction has ended, and live resources alone exceed the budget. */
  exceeded(): void {
    this.#over = true;
  }

  /** So much is resident now. Returns whether the pressure has changed. */
  measure(live: number, idle: number): boolean {
    const before = this.now;
    this.now = this.#pressureOf(live, idle);
    return this.now !== before;
  }

  #pressureOf(live: number, idle: number): Pressure {
    if (live + idle <= this.#maxBytes) {
      this.#over = false;
      return "fits";
    }
    const evicted = this.#over || idle === 0;
    return evicted && live > this.#maxBytes ? "over budget" : "making room";
  }
}
