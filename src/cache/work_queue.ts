import { type Clock, systemClock } from "../contract/clock.ts";
import type { EventHub } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import { type Linked, LinkedList } from "../contract/linked_list.ts";
import { assertNumber, type PumpOptions } from "../contract/options.ts";
import { Turns, type TurnTaker } from "./turns.ts";

/** How much may wait before a manager that nobody pumps is warned of. */
const MANY = 1_000;

/** The reads that wait until fewer loaders do. */
export interface Reads {
  readonly length: number;
  /** Begins some, if few enough loaders wait. */
  admit(): void;
}

/** A value that waits to be unloaded, or another callback of a user. */
interface Callback extends Linked<Callback> {
  readonly bytes: number;
  readonly run: () => void;
}

/** What a queue of work is made of. */
export interface WorkQueueParts {
  readonly events: EventHub;
  readonly clock?: Clock | undefined;
  /** Told how much waits, each time that this changes. */
  readonly onChange: (work: QueuedWork) => void;
}

/**
 * What costs a frame, and waits for one with time for it: loaders whose bytes are there, and callbacks
 * that unload. What they are for is settled already: only the callbacks of users wait.
 */
export class WorkQueue {
  /** Bytes of the values that wait to be unloaded. */
  bytes = 0;
  /** What is read for loaders that will wait, if anything is. */
  reads: Reads | undefined;
  readonly #turns = new Turns();
  readonly #callbacks: LinkedList<Callback> = new LinkedList();
  /** How many callbacks wait. */
  unloads = 0;
  /** Whether it is the turn of a loader, and not of a callback: they alternate. */
  #isLoadNext = true;
  readonly #events: EventHub;
  readonly #now: () => number;
  readonly #onChange: (work: QueuedWork) => void;
  #isPumping = false;
  /** Whether somebody has ever pumped, or was told to. */
  #isPumped = false;
  /** How many wait for something that nothing may hold up. */
  #hurries = 0;

  constructor({ events, clock = systemClock, onChange }: WorkQueueParts) {
    this.#events = events;
    this.#onChange = onChange;
    // The system clock counts whole milliseconds, of which a frame has 16.
    this.#now = clock === systemClock ? () => performance.now() : () => clock.now();
  }

  /** How many turns of loaders wait. */
  get loads(): number {
    return this.#turns.size;
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
   * Runs `run` when it is the turn of `load`, and resolves to what that returns. Throws if nobody wants
   * the load any more.
   */
  turn<T>(load: TurnTaker, run: () => T, uploadBytes: number = 0): Promise<Awaited<T>> {
    const promise = this.#turns.wait(load, run, uploadBytes);
    this.#added();
    return promise;
  }

  /** A load has become more urgent. */
  raise(load: TurnTaker): void {
    this.#turns.raise(load);
  }

  /** A load is not wanted any more: its turns fail with `reason`. */
  withdraw(load: TurnTaker, reason: unknown): void {
    this.#turns.withdraw(load, reason);
    this.#onChange(this);
    this.reads?.admit();
  }

  /** Lets a callback wait. It must not throw. */
  addCallback(run: () => void, bytes: number = 0): void {
    this.#callbacks.add({ run, bytes });
    this.unloads++;
    this.bytes += bytes;
    this.#added();
  }

  /**
   * Runs at least one piece of work, and more until `maxMs` are over. No more than `maxUploadBytes` of
   * uploads begin, but one in any case. A piece that calls it runs nothing: the outer call goes on.
   * Returns how many are left.
   */
  pump(maxMs: number, maxUploadBytes: number = Infinity): number {
    if (this.#isPumping) return this.size;
    this.#isPumping = this.#isPumped = true;
    const begin = this.#now();
    this.#turns.beginPump(maxUploadBytes);
    try {
      // A clock that was set back would let it run for as long.
      while (this.#run() && Math.abs(this.#now() - begin) < maxMs);
    } finally {
      this.#isPumping = false;
    }
    return this.size;
  }

  /**
   * Waits for `end`, and lets nothing wait for a pump meanwhile: the caller may be the one who pumps.
   * Rejects as `end` does.
   */
  hurry(end: Promise<void>): Promise<void> {
    this.#hurries++;
    this.#hasten();
    return end.finally(() => this.#hurries--);
  }

  /** Pumps, but not within another pump: that ends when its time is over. */
  #hasten(): void {
    if (this.#hurries > 0) queueMicrotask(() => this.pump(Infinity));
  }

  /** Runs all callbacks, and lets no further one wait that they add. */
  flush(): void {
    for (let run = this.#takeCallback(); run !== undefined; run = this.#takeCallback()) {
      this.#onChange(this);
      run();
    }
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
    if (run === undefined) return false;
    this.#onChange(this);
    run();
    return true;
  }

  #takeLoad(): (() => void) | undefined {
    const turn = this.#turns.next();
    if (turn !== undefined) this.reads?.admit();
    return turn?.run;
  }

  #takeCallback(): (() => void) | undefined {
    const callback = this.#callbacks.first;
    if (callback === undefined) return undefined;
    this.#callbacks.delete(callback);
    this.unloads--;
    this.bytes -= callback.bytes;
    return callback.run;
  }

  #added(): void {
    this.#hasten();
    this.#onChange(this);
    this.watch();
  }

  /** Warns once that nobody pumps, when much waits: for a pump, or to be read or begun before that. */
  watch(toBegin: number = 0): void {
    if (this.#isPumped || this.size + (this.reads?.length ?? 0) + toBegin < MANY) return;
    this.#isPumped = true;
    this.#events.warn(
      `${MANY} loads and unloads wait for the next pump: call pump() once a frame, or leave out pacing`,
    );
  }
}

/** Runs what waits in `work`, if there is such a queue. Returns how much is left. */
export function pump(work: WorkQueue | undefined, options: PumpOptions): number {
  const { maxMs = 4, maxUploadBytes = Infinity } = options;
  assertNumber("pump", maxMs, "a number of milliseconds, 0 or more");
  assertNumber("pump", maxUploadBytes, "a number of bytes to upload, 0 or more");
  return work?.pump(maxMs, maxUploadBytes) ?? 0;
}
