/** Pseudo-random numbers, the same for the same seed. */
export class Random {
  #state = 0x811c9dc5;

  constructor(seed: string) {
    for (const byte of new TextEncoder().encode(seed)) {
      this.#state = Math.imul(this.#state ^ byte, 0x01000193) >>> 0;
    }
    this.#state ||= 1;
  }

  /** A whole number from 0 to before `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state = (this.#state ^ (this.#state << 5)) >>> 0;
    return this.#state % end;
  }
}
