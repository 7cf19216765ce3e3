import { type Clock, systemClock } from "../contract/clock.ts";
import type { EventHub } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import { type Linked, LinkedList } from "../contract/linked_list.ts";
import type { LoadPriority } from "../contract/task.ts";
import { PriorityLines, type Queued } from "./priority_lines.ts";

/** How much may wait before a manager that nobody pumps is warned of. */
const MANY = 1_000;

/** A loader that waits for a frame with time for it. */
export interface Piece extends Queued {
  /** Begins the loader's work. Never throws. There while it waits. */
  work: (() => void) | undefined;
  /** Throws if nobody wants it any more. */
  assertWanted(): void;
}

/** A value that waits to be unloaded, or another callback of a user. */
interface Callback extends Linked<Callback> {
  readonly bytes: number;
  readonly run: () => void;
}

/**
 * What costs a frame, and waits for one with time for it: loaders whose bytes are there, and callbacks
 * that unload. What they are for is settled already: only the callbacks of users wait.
 */
export class WorkQueue {
  /** Bytes of the values that wait to be unloaded. */
  bytes = 0;
  readonly #loads: PriorityLines<Piece> = new PriorityLines();
  readonly #callbacks: LinkedList<Callback> = new LinkedList();
  /** How many callbacks wait. */
  unloads = 0;
  /** Whether it is the turn of a loader, and not of a callback: they alternate. */
  #isLoadNext = true;
  readonly #events: EventHub;
  readonly #now: () => number;
  #isPumping = false;
  /** Whether somebody has ever pumped, or was told to. */
  #isPumped = false;

  constructor(events: EventHub, clock: Clock = systemClock) {
    this.#events = events;
    // The system clock counts whole milliseconds, of which a frame has 16.
    this.#now = clock === systemClock ? () => performance.now() : () => clock.now();
  }

  /** How many loaders wait. */
  get loads(): number {
    return this.#loads.size;
  }

  /** What waits, for statistics. */
  get queued(): QueuedWork {
    const { loads, unloads, bytes } = this;
    return { loads, unloads, bytes };
  }

  get size(): number {
    return this.loads + this.unloads;
  }

  /**
   * Begins a loader's work when it is its turn. Resolves to what `start` returns. Throws if nobody wants
   * it any more: nothing would take it out again.
   */
  turn<T>(piece: Piece, priority: LoadPriority, start: () => T): Promise<Awaited<T>> {
    piece.assertWanted();
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<T>>();
    piece.work = () => {
      piece.work = undefined;
      try {
        piece.assertWanted();
        resolve(start() as Awaited<T>);
      } catch (error) {
        reject(error);
      }
    };
    this.#loads.add(piece, priority);
    this.#watch();
    return promise;
  }

  /** A loader that waits has become more urgent. */
  raise(piece: Piece, priority: LoadPriority): void {
    if (piece.line !== priority && this.#loads.withdraw(piece)) this.#loads.add(piece, priority);
  }

  /** A loader that waits is not wanted any more: it fails. */
  withdraw(piece: Piece): void {
    this.#loads.withdraw(piece);
    piece.work?.();
  }

  /** Lets a callback wait. It must not throw. */
  addCallback(run: () => void, bytes: number = 0): void {
    this.#callbacks.add({ run, bytes });
    this.unloads++;
    this.bytes += bytes;
    this.#watch();
  }

  /**
   * Runs at least one piece of work, and more until `maxMs` are over. A piece that calls it runs nothing:
   * the outer call goes on. Returns how many are left.
   */
  pump(maxMs: number): number {
    if (this.#isPumping) return this.size;
    this.#isPumping = this.#isPumped = true;
    const begin = this.#now();
    try {
      // A clock that was set back would let it run for as long.
      while (this.#run() && Math.abs(this.#now() - begin) < maxMs);
    } finally {
      this.#isPumping = false;
    }
    return this.size;
  }

  /** Runs all callbacks, and lets no further one wait that they add. */
  flush(): void {
    for (let run = this.#takeCallback(); run !== undefined; run = this.#takeCallback()) run();
  }

  /**
   * Runs a load, or a callback; the other if there is none. Returns whether there was either. They take
   * turns from one pump to the next too, so that neither waits for ever.
   */
  #run(): boolean {
    const isLoad = this.#isLoadNext;
    this.#isLoadNext = !isLoad;
    const run = isLoad
      ? this.#takeLoad() ?? this.#takeCallback()
      : this.#takeCallback() ?? this.#takeLoad();
    run?.();
    return run !== undefined;
  }

  #takeLoad(): (() => void) | undefined {
    return this.#loads.next()?.work;
  }

  #takeCallback(): (() => void) | undefined {
    const callback = this.#callbacks.first;
    if (callback === undefined) return undefined;
    this.#callbacks.delete(callback);
    this.unloads--;
    this.bytes -= callback.bytes;
    return callback.run;
  }

  #watch(): void {
    if (this.#isPumped || this.size < MANY) return;
    this.#isPumped = true;
    this.#events.warn(
      `${MANY} loads and unloads wait for the next pump: call pump() once a frame, or leave out pacing`,
    );
  }
}
