import type { Clock } from "../contract/clock.ts";
import { systemClock } from "../contract/clock.ts";
import type { Entry } from "./entry.ts";
import { IdleList } from "./idle_list.ts";
import type { IdlePolicy } from "../contract/options.ts";

/** The limits of a cache, and its clock. */
export interface BudgetOptions {
  readonly maxBytes?: number;
  readonly idle?: IdlePolicy;
  readonly clock?: Clock;
}

/** The place of an idle resource that is being unloaded, and the keys that may take it. */
interface Vacancy {
  readonly parent: Entry;
  readonly dependencies: Set<string>;
}

/** Decides which idle resources have to be unloaded, and when. The cache unloads them. */
export class Budget {
  /** Whether idle resources stay resident at all. */
  readonly keepsIdle: boolean;
  /**
   * Whether a resource that becomes idle is simply the newest. False if idle resources are unloaded at
   * once, and inside {@linkcode Budget.handOver}. The common path checks only this.
   */
  appends: boolean;
  #maxBytes: number | undefined;
  readonly idle: IdleList<Entry> = new IdleList();
  /** Bytes of live and idle resources. */
  bytes = 0;
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #maxAge: number;
  readonly #expire: () => void;
  /** Whether {@linkcode crossed} has returned true since everything fitted last. */
  #over = false;
  #vacancy: Vacancy | undefined;
  /**
   * The only timer. It fires when the oldest entry that is not pinned expires, or earlier. There is none
   * while nothing is idle.
   */
  #timer: Disposable | undefined;
  /** When the timer fires. */
  #due = Infinity;
  /**
   * The time of this task, or -1. All times here are milliseconds since {@linkcode #origin}: small
   * integers are cheaper to store than milliseconds since the epoch.
   */
  #taskTime = -1;
  readonly #origin: number;

  /** `expire` unloads the {@linkcode expired} entries. */
  constructor(options: BudgetOptions, expire: () => void) {
    const { maxBytes, clock = systemClock } = options;
    const { idle = maxBytes === undefined ? "unload" : "keep" } = options;
    const { maxAge = Infinity, maxEntries = Infinity } = typeof idle === "object" ? idle : {};
    this.keepsIdle = idle !== "unload";
    this.appends = this.keepsIdle;
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#origin = clock.now();
    this.#maxEntries = maxEntries;
    this.#maxAge = maxAge;
    this.#expire = expire;
  }

  get maxBytes(): number | undefined {
    return this.#maxBytes;
  }

  set maxBytes(maxBytes: number | undefined) {
    this.#maxBytes = maxBytes;
    this.resize(0);
  }

  becameIdle(entry: Entry): void {
    this.idle.append(entry);
    if (this.#taskTime === -1) this.#stamp(entry);
    else entry.lastUsed = this.#taskTime;
  }

  becameLive(entry: Entry): void {
    this.idle.wake(entry);
    if (this.#timer && this.idle.count === 0) this.disarm();
  }

  /** Removes an entry that is being unloaded. If it was idle, its dependencies may take its place. */
  remove(entry: Entry): void {
    const wasIdle = entry.count === 0 && this.keepsIdle;
    if (wasIdle && entry.dependencies.length > 0) {
      this.idle.vacate(entry);
      if (this.idle.count === 0) this.disarm();
    } else {
      // A live entry is unlinked unless it is the newest: that one lingers until it is dropped.
      if (wasIdle) this.becameLive(entry);
      this.idle.drop(entry);
    }
    this.resize(-entry.bytes);
  }

  /**
   * Calls `unload`, which unloads the value of `parent`: a removed entry that was idle and has
   * dependencies. The dependencies that become idle take its place and its age, because they were not
   * used after it. Other resources that callbacks use meanwhile are the newest.
   */
  handOver(parent: Entry, unload: () => void): void {
    const outer = this.#vacancy;
    this.#vacancy = { parent, dependencies: new Set(parent.dependencies) };
    this.appends = false;
    try {
      unload();
    } finally {
      this.#vacancy = outer;
      this.appends = !outer;
      this.idle.close(parent);
    }
  }

  /** Called when an entry becomes idle inside {@linkcode handOver}. */
  inherit(entry: Entry): void {
    const { parent, dependencies } = this.#vacancy!;
    if (!dependencies.delete(entry.key)) return this.becameIdle(entry);
    entry.lastUsed = parent.lastUsed;
    this.idle.insertBefore(entry, parent);
    this.#arm(entry);
  }

  /** Adds `difference` to the bytes that are resident. */
  resize(difference: number): void {
    this.bytes += difference;
    if (!this.#exceeds()) this.#over = false;
  }

  /** Whether an idle resource has to be evicted. */
  get full(): boolean {
    return this.#exceeds() || this.idle.count > this.#maxEntries;
  }

  /**
   * The idle resource to evict next, if one has to be evicted. If there are too many bytes, that is one
   * that frees some: it has bytes, or dependencies that may have some.
   */
  excess(maxBytes: number | undefined = this.#maxBytes): Entry | null {
    const frees = this.#exceeds(maxBytes) ? this.idle.oldest(true) : null;
    if (frees) return frees;
    return this.idle.count > this.#maxEntries ? this.idle.oldest() : null;
  }

  #exceeds(maxBytes: number | undefined = this.#maxBytes): boolean {
    return maxBytes !== undefined && this.bytes > maxBytes;
  }

  /** Whether live resources alone exceed the budget. True only once, until everything fits again. */
  crossed(): boolean {
    const live = this.bytes - this.idle.bytes;
    if (this.#maxBytes === undefined || live <= this.#maxBytes || this.#over) return false;
    return this.#over = true;
  }

  /** The idle resources that have reached `maxAge` and are not being reloaded. */
  expired(): Entry[] {
    const due = this.#elapsed() - this.#maxAge;
    const expired: Entry[] = [];
    for (const entry of this.idle) {
      if (entry.lastUsed > due) break;
      if (entry.pinned === 0) expired.push(entry);
    }
    return expired;
  }

  /** Called when the last reload of an entry has ended: the entry may expire now. */
  unpinned(entry: Entry): void {
    if (entry.count === 0 && entry.fate === undefined && this.keepsIdle) this.#arm(entry);
  }

  /** Cancels the timer. */
  disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#due = Infinity;
  }

  /** Sets the timer for an idle entry that is not pinned, unless it fires earlier anyway. */
  #arm(entry: Entry): void {
    const due = entry.lastUsed + this.#maxAge;
    if (due >= this.#due) return;
    this.disarm();
    this.#due = due;
    this.#timer = this.#clock.after(Math.max(0, due - this.#elapsed()), () => {
      this.#timer = undefined;
      this.#due = Infinity;
      this.#expire();
      const oldest = this.idle.oldest();
      if (oldest) this.#arm(oldest);
    });
  }

  /** Milliseconds since the manager was created. */
  #elapsed(): number {
    return this.#clock.now() - this.#origin;
  }

  /**
   * When `entry` was last known to be in use, in milliseconds since the epoch. For a live entry that is
   * now, because a hit does not read the clock.
   */
  lastAccessed(entry: Entry): number {
    return entry.count > 0 ? this.#clock.now() : this.#origin + entry.lastUsed;
  }

  /**
   * Stores when a resource became idle. Reading the real clock costs more than the rest of becoming idle,
   * so it is read once per task, unless there is a `maxAge`.
   */
  #stamp(entry: Entry): void {
    entry.lastUsed = this.#elapsed();
    if (this.#maxAge !== Infinity) {
      this.#arm(entry);
    } else if (this.#clock === systemClock) {
      this.#taskTime = entry.lastUsed;
      queueMicrotask(this.#endOfTask);
    }
  }

  readonly #endOfTask = (): void => {
    this.#taskTime = -1;
  };
}
