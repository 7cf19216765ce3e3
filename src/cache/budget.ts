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

/** An idle resource that is being unloaded, and the keys of what may take its place. */
interface Going {
  readonly parent: Entry;
  readonly dependencies: Set<string>;
}

/** Says which idle resources must go, and when. Unloads nothing itself. */
export class Budget {
  /** Whether idle resources stay resident at all. */
  readonly keepsIdle: boolean;
  /**
   * Whether what goes idle has been used just now: not while a parent goes, see
   * {@linkcode Budget.inherit}. The usual path asks only this.
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
  #over = false;
  #going: Going | undefined;
  /** One timer at most, for the oldest that is not pinned or earlier; none when nothing is idle. */
  #timer: Disposable | undefined;
  /** When the timer fires. */
  #due = Infinity;
  /**
   * The time of this task, or -1. Times here are milliseconds since {@linkcode #origin}: small
   * integers, which cost less to store than the long numbers since the epoch.
   */
  #taskTime = -1;
  readonly #origin: number;

  /** `expire` unloads what is {@linkcode expired}. */
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
    if (this.#taskTime === -1) this.#note(entry);
    else entry.lastUsed = this.#taskTime;
  }

  becameLive(entry: Entry): void {
    this.idle.wake(entry);
    if (this.#timer && this.idle.count === 0) this.disarm();
  }

  /** Forgets an entry that is being unloaded. If it was idle, its dependencies can have its place. */
  remove(entry: Entry): void {
    const wasIdle = entry.count === 0 && this.keepsIdle;
    if (wasIdle && entry.dependencies.length > 0) {
      this.idle.vacate(entry);
      if (this.idle.count === 0) this.disarm();
    } else {
      if (wasIdle) this.becameLive(entry);
      this.idle.drop(entry);
    }
    this.resize(-entry.bytes);
  }

  /**
   * Calls `unload`, which unloads the value of `parent`: a removed entry that was idle and has
   * dependencies. Those that go idle by that take its place and its age, since they have not been
   * used later. What callbacks use meanwhile has been used now.
   */
  leave(parent: Entry, unload: () => void): void {
    const outer = this.#going;
    this.#going = { parent, dependencies: new Set(parent.dependencies) };
    this.appends = false;
    try {
      unload();
    } finally {
      this.#going = outer;
      this.appends = !outer;
      this.idle.close(parent);
    }
  }

  /** An entry went idle while a parent goes. */
  inherit(entry: Entry): void {
    const { parent, dependencies } = this.#going!;
    if (!dependencies.delete(entry.key)) return this.becameIdle(entry);
    entry.lastUsed = parent.lastUsed;
    this.idle.insertBefore(entry, parent);
    this.#arm(entry);
  }

  /** Counts a change in the size of what is resident. */
  resize(difference: number): void {
    this.bytes += difference;
    if (!this.#exceeds()) this.#over = false;
  }

  /** Whether something idle has to go for space. */
  get full(): boolean {
    return this.#exceeds() || this.idle.count > this.#maxEntries;
  }

  /**
   * The idle resource that has to go next for space, if one has to. For bytes, only what frees some:
   * a resource with bytes, or with dependencies that may have some.
   */
  excess(maxBytes: number | undefined = this.#maxBytes): Entry | null {
    const frees = this.#exceeds(maxBytes) ? this.idle.oldest(true) : null;
    if (frees) return frees;
    return this.idle.count > this.#maxEntries ? this.idle.oldest() : null;
  }

  #exceeds(maxBytes: number | undefined = this.#maxBytes): boolean {
    return maxBytes !== undefined && this.bytes > maxBytes;
  }

  /** Whether live resources alone have just exceeded the budget: true once for each crossing. */
  crossed(): boolean {
    const live = this.bytes - this.idle.bytes;
    if (this.#maxBytes === undefined || live <= this.#maxBytes || this.#over) return false;
    return this.#over = true;
  }

  /** The idle resources that have outlived their age, but for those that are being reloaded. */
  expired(): Entry[] {
    const due = this.elapsed() - this.#maxAge;
    const expired: Entry[] = [];
    for (const entry of this.idle) {
      if (entry.lastUsed > due) break;
      if (entry.pinned === 0) expired.push(entry);
    }
    return expired;
  }

  /** No reload of an entry is under way any more: it may expire. */
  unpinned(entry: Entry): void {
    if (entry.count === 0 && entry.fate === undefined && this.keepsIdle) this.#arm(entry);
  }

  /** Takes the timer back. */
  disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#due = Infinity;
  }

  /** Sets the timer for an idle entry that is not pinned, unless it fires by then anyway. */
  #arm(entry: Entry): void {
    const due = entry.lastUsed + this.#maxAge;
    if (due >= this.#due) return;
    this.disarm();
    this.#due = due;
    this.#timer = this.#clock.after(Math.max(0, due - this.elapsed()), () => {
      this.#timer = undefined;
      this.#due = Infinity;
      this.#expire();
      const oldest = this.idle.oldest();
      if (oldest) this.#arm(oldest);
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
