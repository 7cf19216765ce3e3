import type { Clock } from "../mod.ts";

/** A clock that moves only by `advance()`, which runs the due timers in order. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers = new Map<number, { due: number; run: () => void }>();
  #nextId = 0;

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Disposable {
    const id = this.#nextId++;
    this.#timers.set(id, { due: this.#now + ms, run });
    return { [Symbol.dispose]: () => void this.#timers.delete(id) };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.due <= end)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (due === undefined) break;
      const [id, { due: time, run }] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, time);
      run();
    }
    this.#now = end;
  }
}
