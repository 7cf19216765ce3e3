import { Collections } from "./collections.ts";
import type { ThreadClock } from "./thread_clock.ts";

/** A turn that takes so many times what an empty one takes has done something, */
const BUSY = 3;
/** and so many ms at least: a worker beside it, with the same memory, makes empty ones as slow as this. */
const LEAST = 0.02;
/** From how many ms on to look whether it was a collection of garbage. */
const LONG = 0.5;
/** How long to look at empty turns, in ms. */
const CALIBRATION = 500;

/** What a frame has cost, in ms of the main thread. */
export interface FrameCost {
  /** The calls that the game has made. */
  readonly calls: number;
  /** What took the main thread between the calls and the next frame: landings, timers, collections. */
  readonly between: number;
  /** How much of both was the garbage collector's, which nobody can schedule. */
  readonly collections: number;
  /** The longest piece of work: one call of a loader, of `unload`, or one upload. */
  readonly piece: number;
}

/** All that a frame has cost. */
export function total({ calls, between }: FrameCost): number {
  return calls + between;
}

/** What the library has taken of a frame. */
export function taken(cost: FrameCost): number {
  return total(cost) - cost.collections;
}

/**
 * Measures what a frame costs besides what the game does itself. Between frames it runs empty turns of
 * the event loop, and measures each: whatever takes the main thread makes a turn longer.
 */
export class Meter {
  /** The frames since it was started last. */
  frames: FrameCost[] = [];
  /** How many pieces have run. */
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

  /** Looks at empty turns. Returns how long the longest took, in ms: what this machine does by itself. */
  async calibrate(): Promise<number> {
    const turns: number[] = [];
    this.#clock.tick();
    await this.#turns(this.#clock.real + CALIBRATION, (ms) => turns.push(ms));
    turns.sort((a, b) => a - b);
    this.#usual = turns[turns.length >> 1]!;
    return turns.at(-1)!;
  }

  /** Counts anew: what was before the next frame is part of none. */
  restart(): void {
    this.frames = [];
    this.#clock.tick();
  }

  /** The game begins a frame, when the last turn of the one before has ended. */
  begin(): void {
    this.#began = this.#clock.own;
    this.#piece = 0;
    this.#collections.take();
  }

  /** The game has made all its calls of this frame. */
  called(): void {
    this.#clock.tick();
    this.#calls = this.#clock.own - this.#began;
    this.#between = 0;
    this.#collected = this.#collectedIn(this.#calls);
  }

  /** What the calls of this frame have taken so far, in ms. */
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

  /** A piece has run that began at `start`. */
  ran(start: number): void {
    this.pieces++;
    this.#piece = Math.max(this.#piece, this.now() - start);
  }

  /** Waits for the next frame, at `due` of `performance.now()`, and closes this one. */
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

  /** How much of so many ms was the collector's. A collection may have waited for a core too. */
  #collectedIn(ms: number): number {
    return ms < LONG ? 0 : Math.min(ms, this.#collections.take());
  }

  /** Runs turns until `due`, one at least, and tells how long each was. */
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
