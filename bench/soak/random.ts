/** Pseudo-random numbers, the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to before 1. */
  next(): number {
    let z = this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to before `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Picks `count` different items of a list, or all if there are fewer. */
  some<T>(list: readonly T[], count: number): T[] {
    const picked = new Set<T>();
    while (picked.size < Math.min(count, list.length)) picked.add(this.pick(list));
    return [...picked];
  }

  /** Starts another stream of numbers. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }
}
