import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { Entry } from "./_entry.ts";
import { IdleList } from "./_idle_list.ts";

/** What happens to a resource that nothing references any more. */
export type IdlePolicy = "unload" | "keep" | { maxAge?: number; maxEntries?: number };

/** Says which idle resources must go, and when. Unloads nothing itself. */
export class Budget {
  /** Whether idle resources stay resident at all. */
  readonly keepsIdle: boolean;
  readonly maxBytes: number | undefined;
  readonly idle: IdleList<Entry> = new IdleList();
  /** Bytes of live and idle resources. */
  bytes = 0;
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #maxAge: number;
  readonly #expire: (entries: Entry[]) => void;
  #over = false;
  /** One timer at most, for the oldest; none when nothing is idle. */
  #timer: Disposable | undefined = undefined;
  #taskTime: number | undefined = undefined;

  constructor(
    options: { maxBytes?: number; idle?: IdlePolicy; clock: Clock },
    expire: (entries: Entry[]) => void,
  ) {
    const { maxBytes, idle = maxBytes === undefined ? "unload" : "keep" } = options;
    const { maxAge = Infinity, maxEntries = Infinity } = typeof idle === "object" ? idle : {};
    this.keepsIdle = idle !== "unload";
    this.maxBytes = maxBytes;
    this.#clock = options.clock;
    this.#maxEntries = maxEntries;
    this.#maxAge = maxAge;
    this.#expire = expire;
  }

  becameIdle(entry: Entry): void {
    entry.lastAccessed = this.#now();
    this.idle.append(entry);
    if (this.#maxAge !== Infinity && this.#timer === undefined) this.#arm(entry);
  }

  becameLive(entry: Entry): void {
    this.idle.remove(entry);
    if (this.idle.count === 0 && this.#timer !== undefined) this.disarm();
  }

  /** Counts a change in size. Call it while the entry is in no idle list. */
  resize(difference: number): void {
    this.bytes += difference;
    if (this.maxBytes !== undefined && this.bytes <= this.maxBytes) this.#over = false;
  }

  /** The idle resource that has to go next for space, if one has to. */
  excess(): Entry | null {
    const full = this.idle.count > this.#maxEntries ||
      (this.maxBytes !== undefined && this.bytes > this.maxBytes);
    return full ? this.idle.oldest : null;
  }

  /** Whether live resources alone have just exceeded the budget: true once for each crossing. */
  crossed(): boolean {
    const live = this.bytes - this.idle.bytes;
    if (this.maxBytes === undefined || live <= this.maxBytes || this.#over) return false;
    return this.#over = true;
  }

  disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(oldest: Entry): void {
    const ms = Math.max(0, oldest.lastAccessed + this.#maxAge - this.#clock.now());
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      const due = this.#clock.now() - this.#maxAge;
      const expired: Entry[] = [];
      for (const entry of this.idle) {
        if (entry.lastAccessed > due) break;
        expired.push(entry);
      }
      this.#expire(expired);
      const next = this.idle.oldest;
      if (next !== null && this.#timer === undefined) this.#arm(next);
    });
  }

  /** The time that {@linkcode Entry.lastAccessed} is measured by. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * The time for a resource that goes idle. A look at the real clock costs more than all else that
   * happens then, so unless ages count it is taken once a task.
   */
  #now(): number {
    if (this.#maxAge !== Infinity || this.#clock !== systemClock) return this.#clock.now();
    if (this.#taskTime === undefined) {
      this.#taskTime = this.#clock.now();
      queueMicrotask(this.#endOfTask);
    }
    return this.#taskTime;
  }

  readonly #endOfTask = (): void => {
    this.#taskTime = undefined;
  };
}
