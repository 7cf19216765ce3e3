/**
 * How resident bytes compare to the budget: they fit; or they do not fit and idle resources are
 * being evicted; or live resources alone do not fit, and nothing is left to evict.
 */
export type Pressure = "fits" | "making room" | "over budget";

/** Follows how resident bytes compare to the budget. */
export class PressureGauge {
  readonly #maxBytes: number;
  /** Set when an eviction ends and live resources alone do not fit, until everything fits again. */
  #over = false;
  now: Pressure = "fits";

  constructor(maxBytes = Infinity) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Sets the bytes that were resident when the trace began, as if an eviction had just ended.
   * Returns whether they do not fit.
   */
  begin(live: number, idle: number): boolean {
    this.now = "fits";
    this.#over = live > this.#maxBytes;
    return this.measure(live, idle);
  }

  /** Reports that an eviction has ended, and that live resources alone exceed the budget. */
  exceeded(): void {
    this.#over = true;
  }

  /** Sets the bytes that are resident now. Returns whether the pressure has changed. */
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
