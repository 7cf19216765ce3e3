/**
 * How resident bytes stand to the budget: they fit; or they do not, and idle resources are being
 * evicted; or live resources alone exceed it, which no eviction can change.
 */
export type Pressure = "fits" | "making room" | "over budget";

/** Follows how resident bytes stand to the budget. */
export class PressureGauge {
  readonly #maxBytes: number;
  /** Whether an eviction has ended without making the bytes fit; `false` once they fit again. */
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
    const fits = live + idle <= this.#maxBytes;
    if (fits) this.#over = false;
    this.now = fits ? "fits" : this.#over && live > this.#maxBytes ? "over budget" : "making room";
    return this.now !== before;
  }
}
