import type { LeakData } from "../page_data.ts";
import { countUpTo } from "./search.ts";
import { splitKey, visible } from "./text.ts";
import { Track } from "./track.ts";

/** The reference count of a resource that is not resident. */
export const ABSENT = -1;

/** One stay in memory. Times are microseconds since the trace began. */
export interface Stay {
  readonly from: number;
  /** When it was unloaded; `Infinity` while it is resident. */
  to: number;
  /** Why it was unloaded; `undefined` while it is resident. */
  reason?: string;
  /** How long it took to load; `undefined` if it was resident before the trace. */
  readonly loading?: number;
  peak: number;
}

/** Where a handle was opened. */
export interface CallSite {
  /** The stack frames, one on each line; `undefined` if they are not known. */
  readonly stack: string | undefined;
  /** The first frame in a few words; empty if it is not known. */
  readonly site: string;
  /** The source line of the first frame, by which leaks are grouped; empty if it is not known. */
  readonly line: string;
}

/** A handle that leaked. */
export interface Leak extends CallSite {
  readonly row: Row;
  readonly data: LeakData;
  /** When the handle was opened. If that is not known, when the leak was reported. */
  readonly opened: number;
  /** When it was reported. */
  readonly reported: number;
}

/** A span of time. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The time of a leak's report, to sort and search by. */
export function reportOf({ reported }: Leak): number {
  return reported;
}

/** The time at which a leaked handle was opened, to sort and search by. */
export function openingOf({ opened }: Leak): number {
  return opened;
}

/**
 * Leaks, in the order of their openings. New leaks are sorted in at the next read, all together.
 */
export class Openings {
  readonly #leaks: Leak[] = [];
  #isSorted = true;

  add(leak: Leak): void {
    this.#isSorted &&= (this.#leaks.at(-1)?.opened ?? -Infinity) <= leak.opened;
    this.#leaks.push(leak);
  }

  get sorted(): readonly Leak[] {
    if (!this.#isSorted) this.#leaks.sort((a, b) => a.opened - b.opened);
    this.#isSorted = true;
    return this.#leaks;
  }
}

/** A resource over time. */
export class Row {
  /** Its key in the game. */
  readonly name: string;
  /** Its key in the page, with invisible characters written as codes. */
  readonly key: string;
  readonly number: number;
  /** Its directory, with the slash. */
  readonly directory: string;
  type = "";
  /** Its references, or {@linkcode ABSENT}. */
  readonly counts: Track = new Track();
  /** Its bytes, from each load and each reload on. */
  readonly sizes: Track = new Track();
  readonly stays: Stay[] = [];
  /** In the order of their reports. */
  readonly leaks: Leak[] = [];
  /** The times at which leaked handles were open, sorted and without overlap. */
  readonly leaking: Interval[] = [];
  /** The times of its evictions and expiries, and of its reloads. */
  readonly evictions: number[] = [];
  readonly reloads: number[] = [];
  /** The most bytes that it had. */
  bytes = 0;
  readonly #openings = new Openings();
  #live = 0;
  #resident = 0;

  constructor(name: string, number: number) {
    this.name = name;
    const key = visible(name);
    this.key = key;
    this.number = number;
    this.directory = splitKey(key)[0];
  }

  /** Its leaks, in the order of their openings. */
  get openings(): readonly Leak[] {
    return this.#openings.sorted;
  }

  /** The most references that it had. */
  get peak(): number {
    return Math.max(0, this.counts.peak);
  }

  /** The reference count at `time`, or {@linkcode ABSENT}. */
  countAt(time: number): number {
    return this.counts.valueAt(time) ?? ABSENT;
  }

  /** The last stay that began at or before `time`. */
  stayAt(time: number): Stay | undefined {
    return this.stays[countUpTo(this.stays, time, ({ from }) => from) - 1];
  }

  /** The bytes that it has at `time`; 0 if it is not resident then. */
  bytesAt(time: number): number {
    return this.countAt(time) === ABSENT ? 0 : this.sizes.valueAt(time)!;
  }

  /** Sets its bytes from `now` on. */
  resize(now: number, bytes: number): void {
    this.sizes.set(now, bytes);
    this.bytes = Math.max(this.bytes, bytes);
  }

  /** Sets its reference count from `now` on. */
  change(now: number, count: number): void {
    const { live, resident } = this.agesAt(now);
    this.#live = live;
    this.#resident = resident;
    this.counts.push(now, count);
    const stay = this.stays.at(-1);
    if (stay !== undefined) stay.peak = Math.max(stay.peak, count);
  }

  /** Adds a leak. */
  leak(leak: Leak): void {
    this.leaks.push(leak);
    this.#openings.add(leak);
    let from = leak.opened;
    while ((this.leaking.at(-1)?.to ?? -Infinity) >= leak.opened) {
      from = Math.min(from, this.leaking.pop()!.from);
    }
    this.leaking.push({ from, to: leak.reported });
  }

  /**
   * How long it was live and how long it was resident until `now`, a time after its last change.
   */
  agesAt(now: number): { live: number; resident: number } {
    const { times, values } = this.counts;
    const count = values.at(-1) ?? ABSENT;
    const span = now - (times.at(-1) ?? now);
    return {
      live: this.#live + (count > 0 ? span : 0),
      resident: this.#resident + (count === ABSENT ? 0 : span),
    };
  }
}

/** The bytes in memory over time. */
export class Totals {
  readonly live: Track = new Track();
  /** Live and idle together. */
  readonly resident: Track = new Track();
  /** Resident bytes, and bytes that were unloaded but wait for a pump to be freed. */
  readonly memory: Track = new Track();
  #live = 0;
  #idle = 0;

  /**
   * Adds changes of the live and idle bytes. `unfreed` are all bytes that wait for a pump to be
   * freed.
   */
  add(now: number, live: number, idle: number, unfreed = 0): void {
    this.#live += live;
    this.#idle += idle;
    this.live.set(now, this.#live);
    this.resident.set(now, this.#live + this.#idle);
    this.memory.set(now, this.#live + this.#idle + unfreed);
  }

  get liveNow(): number {
    return this.#live;
  }

  get idleNow(): number {
    return this.#idle;
  }
}

/** The rows whose keys are in one directory. */
export class Directory {
  /** Ends with a slash; empty for keys without a directory. */
  readonly path: string;
  readonly rows: Row[] = [];
  readonly totals: Totals = new Totals();

  constructor(path: string) {
    this.path = path;
  }
}
