import { type Clock, systemClock } from "../contract/clock.ts";
import type { EventHub } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import { type Linked, LinkedList } from "../contract/linked_list.ts";
import { assertNumber, type PumpOptions } from "../contract/options.ts";
import { Turns, type TurnTaker } from "./turns.ts";

/** A paced manager that is never pumped raises a warning when this many pieces of work wait. */
const MANY = 1_000;

/** The queue of reads. It pauses while many loaders wait for a pump. */
export interface Reads {
  readonly length: number;
  /** Starts further reads, unless too many loaders wait. */
  admit(): void;
}

/** A callback of a user that waits: it unloads a value of `bytes`, or does something else. */
interface Callback extends Linked<Callback> {
  readonly bytes: number;
  readonly run: () => void;
}

/** The parts of a manager that its queue of work uses. */
export interface WorkQueueParts {
  readonly events: EventHub;
  readonly clock?: Clock | undefined;
  /** Called each time the amount of waiting work changes. */
  readonly onChange: (work: QueuedWork) => void;
}

/**
 * The work of a paced manager that could make a frame late: loaders whose bytes are read, and callbacks
 * that unload. It waits for a pump. Counts, tables and events do not wait.
 */
export class WorkQueue {
  /** Bytes of the values that wait to be unloaded. */
  bytes = 0;
  /** The queue of reads, if there is one. */
  reads: Reads | undefined;
  readonly #turns = new Turns();
  readonly #callbacks: LinkedList<Callback> = new LinkedList();
  /** How many callbacks wait. */
  unloads = 0;
  /** Whether a loader runs next, or a callback: they alternate. */
  #isLoadNext = true;
  readonly #events: EventHub;
  readonly #now: () => number;
  readonly #onChange: (work: QueuedWork) => void;
  #isPumping = false;
  /** Whether the manager was ever pumped, or the warning was raised. */
  #isPumped = false;
  /** How many calls of {@linkcode hurry} are waiting. */
  #hurries = 0;

  constructor({ events, clock = systemClock, onChange }: WorkQueueParts) {
    this.#events = events;
    this.#onChange = onChange;
    // The system clock counts whole milliseconds: too coarse for a frame of 16 ms.
    this.#now = clock === systemClock ? () => performance.now() : () => clock.now();
  }

  /** How many turns of loaders wait. */
  get loads(): number {
    return this.#turns.size;
  }

  /** The amount of waiting work, as plain data. */
  get queued(): QueuedWork {
    const { loads, unloads, bytes } = this;
    return { loads, unloads, bytes };
  }

  get size(): number {
    return this.loads + this.unloads;
  }

  /**
   * Calls `run` in a pump, when it is the turn of `load`, and resolves to its result. Throws if nobody
   * wants the load any more.
   */
  turn<T>(load: TurnTaker, run: () => T, uploadBytes: number = 0): Promise<Awaited<T>> {
    const promise = this.#turns.wait(load, run, uploadBytes);
    this.#added();
    return promise;
  }

  /** Moves the turns of a load that has become more urgent. */
  raise(load: TurnTaker): void {
    this.#turns.raise(load);
  }

  /** Removes the turns of a load that nobody wants any more. Their promises reject with `reason`. */
  withdraw(load: TurnTaker, reason: unknown): void {
    this.#turns.withdraw(load, reason);
    this.#onChange(this);
    this.reads?.admit();
  }

  /** Adds a callback, which must not throw. */
  addCallback(run: () => void, bytes: number = 0): void {
    this.#callbacks.add({ run, bytes });
    this.unloads++;
    this.bytes += bytes;
    this.#added();
  }

  /**
   * Runs one piece of work, and further ones until `maxMs` have passed. Uploads of up to `maxUploadBytes`
   * may start, but always one. Inside a piece of work it does nothing. Returns how many pieces wait.
   */
  pump(maxMs: number, maxUploadBytes: number = Infinity): number {
    if (this.#isPumping) return this.size;
    this.#isPumping = this.#isPumped = true;
    const begin = this.#now();
    this.#turns.beginPump(maxUploadBytes);
    try {
      // `abs`, because a clock that was set back must not let it run on.
      while (this.#run() && Math.abs(this.#now() - begin) < maxMs);
    } finally {
      this.#isPumping = false;
    }
    return this.size;
  }

  /**
   * Pumps everything until `end` settles, because the caller may be what pumps in other frames. Settles
   * as `end` does.
   */
  hurry(end: Promise<void>): Promise<void> {
    this.#hurries++;
    this.#hasten();
    return end.finally(() => this.#hurries--);
  }

  /** Pumps in a microtask: inside another pump, which has a limit of time, it would do nothing. */
  #hasten(): void {
    if (this.#hurries > 0) queueMicrotask(() => this.pump(Infinity));
  }

  /** Runs all callbacks, and those that they add. */
  flush(): void {
    for (let run = this.#takeCallback(); run !== undefined; run = this.#takeCallback()) {
      this.#onChange(this);
      run();
    }
  }

  /**
   * Runs one loader or one callback. They alternate, also from one pump to the next, so that neither kind
   * waits for ever. Returns whether there was one.
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
    this.warnIfMany();
  }

  /** Warns once if nobody pumps and much waits: work, reads, and the `toBegin` loads before those. */
  warnIfMany(toBegin: number = 0): void {
    if (this.#isPumped || this.size + (this.reads?.length ?? 0) + toBegin < MANY) return;
    this.#isPumped = true;
    this.#events.warn(
      `${MANY} loads and unloads wait for the next pump: call pump() once a frame, or leave out pacing`,
    );
  }
}

/** Pumps `work`, if the manager is paced. Returns how many pieces of work still wait. */
export function pump(work: WorkQueue | undefined, options: PumpOptions): number {
  const { maxMs = 4, maxUploadBytes = Infinity } = options;
  assertNumber("pump", maxMs, "a number of milliseconds, 0 or more");
  assertNumber("pump", maxUploadBytes, "a number of bytes to upload, 0 or more");
  return work?.pump(maxMs, maxUploadBytes) ?? 0;
}
