import type { Clock } from "../contract/clock.ts";
import { systemClock } from "../contract/clock.ts";
import type { Entry } from "./entry.ts";
import { IdleList } from "./idle_list.ts";
import type { IdlePolicy } from "../contract/options.ts";

/** The limits of a cache, and where it gets the time from. */
export interface BudgetOptions {
  readonly maxBytes?: number;
  readonly idle?: IdlePolicy;
  readonly clock?: Clock;
}

/** Says which idle resources must go, and when. Unloads nothing itself. */
export class Budget {
  /** Whether idle resources stay resident at all. */
  readonly keepsIdle: boolean;
  readonly maxBytes: number | undefined;
  /** The same, or `Infinity`. */
  readonly #maxBytes: number;
  readonly idle: IdleList<Entry> = new IdleList();
  /** Bytes of live and idle resources. */
  bytes = 0;
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #maxAge: number;
  readonly #expire: (entries: Entry[]) => void;
  #over = false;
  /** One timer at most, for the oldest; none when nothing is idle. */
  #timer: Disposable | undefined;
  /**
   * The time of this task, or -1. Times here are milliseconds since {@linkcode #origin}: small
   * integers, which cost less to store than the long numbers since the epoch.
   */
  #taskTime = -1;
  readonly #origin: number;

  constructor(
    options: BudgetOptions,
    expire: (entries: Entry[]) => void,
  ) {
    const { maxBytes, clock = systemClock } = options;
    const { idle = maxBytes === undefined ? "unload" : "keep" } = options;
    const { maxAge = Infinity, maxEntries = Infinity } = typeof idle === "object" ? idle : {};
    this.keepsIdle = idle !== "unload";
    this.maxBytes = maxBytes;
    this.#clock = clock;
    this.#maxBytes = maxBytes ?? Infinity;
    this.#origin = clock.now();
    this.#maxEntries = maxEntries;
    this.#maxAge = maxAge;
    this.#expire = expire;
  }

  becameIdle(entry: Entry): void {
    this.idle.append(entry);
    if (this.#taskTime === -1) this.#note(entry);
    else entry.lastUsed = this.#taskTime;
  }

  becameLive(entry: Entry): void {
    this.idle.wake(entry);
    if (this.#timer !== undefined && this.idle.count === 0) this.disarm();
  }

  /** Forgets an entry that is being unloaded. */
  remove(entry: Entry): void {
    if (entry.count === 0 && this.keepsIdle) this.becameLive(entry);
    this.idle.drop(entry);
    this.resize(-entry.bytes);
  }

  /** Counts a change in the size of what is resident. */
  resize(difference: number): void {
    this.bytes += difference;
    if (this.bytes <= this.#maxBytes) this.#over = false;
  }

  /** Whether something idle has to go for space. */
  get full(): boolean {
    return this.bytes > this.#maxBytes || this.idle.count > this.#maxEntries;
  }

  /** The idle resource that has to go next for space, if one has to. */
  excess(): Entry | null {
    const oldest = this.full ? this.idle.oldest : null;
    return oldest !== null && oldest.pinned > 0 ? this.#oldestUnpinned() : oldest;
  }

  #oldestUnpinned(): Entry | null {
    for (const entry of this.idle) if (entry.pinned === 0) return entry;
    return null;
  }

  /** Whether live resources alone have just exceeded the budget: true once for each crossing. */
  crossed(): boolean {
    const live = this.bytes - this.idle.bytes;
    if (live <= this.#maxBytes || this.#over) return false;
    return this.#over = true;
  }

  /** Takes the timer back. */
  disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Sets the timer for the oldest, if there is one. */
  #arm(): void {
    const { oldest } = this.idle;
    if (oldest === null) return;
    const ms = Math.max(0, oldest.lastUsed + this.#maxAge - this.elapsed());
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      const due = this.elapsed() - this.#maxAge;
      const expired: Entry[] = [];
      for (const entry of this.idle) {
        if (entry.lastUsed > due) break;
        if (entry.pinned === 0) expired.push(entry);
      }
      this.#expire(expired);
      if (this.#timer === undefined) this.#arm();
    });
  }

  /** Milliseconds since the manager was made. */
  elapsed(): number {
    return this.#clock.now() - this.#origin;
  }

  /**
   * When `entry` was last known to be in use, in milliseconds since the epoch. That of a live one is
   * now: no hit looks at the clock.
   */
  lastAccessed(entry: Entry): number {
    return entry.count > 0 ? this.#clock.now() : this.#origin + entry.lastUsed;
  }

  /**
   * Notes when a resource goes idle. A look at the real clock costs more than all else that happens
   * then, so unless ages count it is taken once a task.
   */
  #note(entry: Entry): void {
    entry.lastUsed = this.elapsed();
    if (this.#maxAge !== Infinity) {
      if (this.#timer === undefined) this.#arm();
    } else if (this.#clock === systemClock) {
      this.#taskTime = entry.lastUsed;
      queueMicrotask(this.#endOfTask);
    }
  }

  readonly #endOfTask = (): void => {
    this.#taskTime = -1;
  };
}
