import { Collections } from "./collections.ts";
import type { ThreadClock } from "./thread_clock.ts";

/** A turn counts as work if it takes this many times as long as an empty turn, */
const BUSY = 3;
/** and at least this many ms: a busy worker can make empty turns almost as slow. */
const LEAST = 0.02;
/** Times from this on are checked for garbage collections, in ms. */
const LONG = 0.5;
/** How long empty turns are measured, in ms. */
const CALIBRATION = 500;

/** The cost of a frame, in ms of the main thread. */
export interface FrameCost {
  /** The calls of the game. */
  readonly calls: number;
  /** Work between the calls and the next frame: loads that finish, timers, garbage collections. */
  readonly between: number;
  /** The part of both that was garbage collection, which can't be scheduled. */
  readonly collections: number;
  /** The longest piece of work: one call of a loader or of `unload`, or one upload. */
  readonly piece: number;
}

/** The whole cost of a frame. */
export function total({ calls, between }: FrameCost): number {
  return calls + between;
}

/** The time that the library took in a frame. */
export function taken(cost: FrameCost): number {
  return total(cost) - cost.collections;
}

/**
 * Measures the cost of frames besides the game's own work. Between frames it runs empty turns of
 * the event loop and measures each, because all other work on the main thread makes a turn longer.
 */
export class Meter {
  /** The frames since the last restart. */
  frames: FrameCost[] = [];
  /** How many pieces of work have run. */
  pieces = 0;
  readonly #clock: ThreadClock;
  /** How long an empty turn takes. */
  #usual = 0;
  readonly #collections = new Collections();
  #collected = 0;
  #began = 0;
  #calls = 0;
  #between = 0;
  #piece = 0;

  constructor(clock: ThreadClock) {
    this.#clock = clock;
  }

  /** Measures empty turns. Returns the longest one, in ms, which is noise of this machine. */
  async calibrate(): Promise<number> {
    const turns: number[] = [];
    this.#clock.tick();
    await this.#turns(this.#clock.real + CALIBRATION, (ms) => turns.push(ms));
    turns.sort((a, b) => a - b);
    this.#usual = turns[turns.length >> 1]!;
    return turns.at(-1)!;
  }

  /** Starts to count again. Time before the next frame does not count. */
  restart(): void {
    this.frames = [];
    this.#clock.tick();
  }

  /** Begins a frame, after the last turn of the frame before. */
  begin(): void {
    this.#began = this.#clock.own;
    this.#piece = 0;
    this.#collections.take();
  }

  /** Ends the calls of the game in this frame. */
  called(): void {
    this.#clock.tick();
    this.#calls = this.#clock.own - this.#began;
    this.#between = 0;
    this.#collected = this.#collectedIn(this.#calls);
  }

  /** The time of the calls in this frame so far, in ms. */
  get spent(): number {
    return this.now() - this.#began;
  }

  /** The time of the thread, in ms. */
  now(): number {
    return this.#clock.now();
  }

  /** Runs a piece of work. */
  run<T>(work: () => T): T {
    const start = this.now();
    try {
      return work();
    } finally {
      this.ran(start);
    }
  }

  /** Counts a piece of work that began at `start` and has just ended. */
  ran(start: number): void {
    this.pieces++;
    this.#piece = Math.max(this.#piece, this.now() - start);
  }

  /** Waits until `performance.now()` is `due`, and closes the frame. */
  async idle(due: number): Promise<void> {
    await this.#turns(due, (ms) => {
      if (ms < Math.max(LEAST, BUSY * this.#usual)) return;
      this.#between += ms - this.#usual;
      this.#collected += this.#collectedIn(ms);
    });
    this.frames.push({
      calls: this.#calls,
      between: this.#between,
      collections: this.#collected,
      piece: this.#piece,
    });
  }

  /** The part of `ms` that was garbage collection. A collection may also wait for a core. */
  #collectedIn(ms: number): number {
    return ms < LONG ? 0 : Math.min(ms, this.#collections.take());
  }

  /** Runs turns until `due`, at least one. Calls `onTurn` with the length of each. */
  #turns(due: number, onTurn: (ms: number) => void): Promise<void> {
    const clock = this.#clock;
    let last = clock.own;
    const { promise, resolve } = Promise.withResolvers<void>();
    const turn = () => {
      clock.tick();
      onTurn(clock.own - last);
      last = clock.own;
      if (clock.real < due) setImmediate(turn);
      else resolve();
    };
    setImmediate(turn);
    return promise;
  }
}
