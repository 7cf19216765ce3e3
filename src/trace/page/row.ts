import type { LeakData } from "../page_data.ts";
import { countUpTo } from "./search.ts";
import { splitKey, visible } from "./text.ts";
import { Track } from "./track.ts";

/** In place of a reference count, when a resource is not resident. */
export const ABSENT = -1;

/** One stay in memory. Times are microseconds since the trace began. */
export interface Stay {
  readonly from: number;
  /** When it was unloaded; `Infinity` while it is resident. */
  to: number;
  /** Why it was unloaded; `undefined` while it is resident. */
  reason?: string;
  /** How long it took to load; `undefined` if it was there before. */
  readonly loading?: number;
  peak: number;
}

/** Where a handle was opened. */
export interface CallSite {
  /** The frames, one a line; `undefined` if they are not known. */
  readonly stack: string | undefined;
  /** The first in a few words; empty if it is not known. */
  readonly site: string;
  /** The line of that, by which leaks are told apart; empty if it is not known. */
  readonly line: string;
}

/** A handle that leaked. */
export interface Leak extends CallSite {
  readonly row: Row;
  readonly data: LeakData;
  /** When the handle was opened; when the leak was reported if that is not known. */
  readonly opened: number;
  /** When it was reported. */
  readonly reported: number;
}

/** A span of time. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** By what leaks are sorted: when they were reported, or when their handles were opened. */
export function reportOf({ reported }: Leak): number {
  return reported;
}

/** See {@linkcode reportOf}. */
export function openingOf({ opened }: Leak): number {
  return opened;
}

/** Leaks by when their handles were opened. Those that come are sorted in when somebody asks, together. */
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
  /** Its key as the game has it. */
  readonly name: string;
  /** Its key as it is shown: what can't be seen is written as a code. */
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
  /** As they were reported. */
  readonly leaks: Leak[] = [];
  /** When handles were open that leaked: by time, without overlap. */
  readonly leaking: Interval[] = [];
  /** When it was evicted or expired, and when it was reloaded. */
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

  /** Its leaks by when they were opened. */
  get openings(): readonly Leak[] {
    return this.#openings.sorted;
  }

  /** The most references that it had. */
  get peak(): number {
    return Math.max(0, this.counts.peak);
  }

  /** The reference count at `time`. */
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

  /** It has so many bytes from now on. */
  resize(now: number, bytes: number): void {
    this.sizes.set(now, bytes);
    this.bytes = Math.max(this.bytes, bytes);
  }

  /** It has `count` references from now on. */
  change(now: number, count: number): void {
    const { live, resident } = this.agesAt(now);
    this.#live = live;
    this.#resident = resident;
    this.counts.push(now, count);
    const stay = this.stays.at(-1);
    if (stay !== undefined) stay.peak = Math.max(stay.peak, count);
  }

  /** A handle of it leaked. */
  leak(leak: Leak): void {
    this.leaks.push(leak);
    this.#openings.add(leak);
    let from = leak.opened;
    while ((this.leaking.at(-1)?.to ?? -Infinity) >= leak.opened) {
      from = Math.min(from, this.leaking.pop()!.from);
    }
    this.leaking.push({ from, to: leak.reported });
  }

  /** For how long it was referenced until `now`, which is not in the past, and for how long resident. */
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

/** What takes memory over time, in bytes. */
export class Totals {
  readonly live: Track = new Track();
  /** Live and idle together. */
  readonly resident: Track = new Track();
  /** And with those what is unloaded, and waits for a pump to be freed. */
  readonly memory: Track = new Track();
  #live = 0;
  #idle = 0;

  /** So much more is live now, and so much more idle; `unfreed` is all that is not freed yet. */
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
  /** With the slash; empty for keys without one. */
  readonly path: string;
  readonly rows: Row[] = [];
  readonly totals: Totals = new Totals();

  constructor(path: string) {
    this.path = path;
  }
}
