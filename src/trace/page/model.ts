import type { QueuedWork } from "../../contract/stats.ts";
import { Kind, KINDS, RESIDENT } from "../kind.ts";
import type { LeakData, PageData } from "../page_data.ts";
import { type Pressure, PressureGauge } from "../pressure.ts";
import { waitingAfter } from "../waiting.ts";
import { countUpTo, itself } from "./search.ts";
import { StreamReader } from "./stream_reader.ts";
import { visible } from "./text.ts";

/** In place of a reference count, when a resource is not resident. */
export const ABSENT = -1;

/** A moment that is marked in a row. Times are microseconds since the trace began. */
export interface Mark {
  readonly time: number;
  readonly kind: "evict" | "reload" | "leak";
  readonly leak?: LeakData;
}

/** One stay in memory. */
export interface Stay {
  readonly from: number;
  /** When it was unloaded, or the trace ended. */
  to: number;
  /** Why it was unloaded; `undefined` if it was not. */
  reason?: string;
  /** How long it took to load; `undefined` if it was there before. */
  readonly loading?: number;
  bytes: number;
  peak: number;
}

/** A resource over time. */
export class Row {
  readonly key: string;
  readonly number: number;
  type = "";
  /** When its count changed, and to what, or to {@linkcode ABSENT}. */
  readonly times: number[] = [];
  readonly counts: number[] = [];
  readonly marks: Mark[] = [];
  readonly stays: Stay[] = [];
  /** The most references that it had. */
  peak = 0;
  /** The most bytes that it had. */
  bytes = 0;
  leaks = 0;
  reloads = 0;
  evictions = 0;
  /** For how long it was referenced, and for how long it was resident, in microseconds. */
  live = 0;
  resident = 0;

  constructor(key: string, number: number) {
    this.key = key;
    this.number = number;
  }

  /** The place of the last change at or before `time`; -1 before the first. */
  at(time: number): number {
    return countUpTo(this.times, time, itself) - 1;
  }

  /** The reference count at `time`. */
  countAt(time: number): number {
    return this.counts[this.at(time)] ?? ABSENT;
  }

  stayAt(time: number): Stay | undefined {
    return this.stays[countUpTo(this.stays, time, ({ from }) => from) - 1];
  }
}

/** What takes memory over time, in bytes. */
export interface Totals {
  readonly times: number[];
  readonly live: number[];
  readonly idle: number[];
  /** Of what is unloaded, and waits for a pump to be freed. */
  readonly unfreed: number[];
}

/** What waits for a pump over time. */
export interface Waiting {
  readonly times: number[];
  readonly work: QueuedWork[];
}

/** A time in which resident bytes exceed the budget. */
export interface Excess {
  readonly from: number;
  /** When the bytes fit again, the reason changed, or the trace ended. */
  to: number;
  readonly why: Exclude<Pressure, "fits">;
}

/** Everything that a page shows. */
export interface Model {
  readonly data: PageData;
  readonly rows: readonly Row[];
  readonly totals: Totals;
  /** It is empty unless the manager is pumped. */
  readonly waiting: Waiting;
  /** When live resources alone came to exceed the budget. */
  readonly overbudget: readonly number[];
  /** By time, without overlap. */
  readonly excesses: readonly Excess[];
  /** The most references that a resource had. */
  readonly peak: number;
  /** The most bytes that were resident. */
  readonly peakBytes: number;
  /** The most bytes that were resident, or unloaded and not freed yet. */
  readonly peakMemory: number;
  readonly evictions: number;
  readonly reloads: number;
  readonly leaks: number;
}

/** Unpacks what a page is given. */
export function decode(data: PageData): Model {
  return new Decoder(data).model();
}

class Decoder {
  readonly #data: PageData;
  readonly #reader: StreamReader;
  readonly #rows: Row[];
  readonly #totals: Totals = { times: [], live: [], idle: [], unfreed: [] };
  readonly #waiting: Waiting = { times: [], work: [] };
  readonly #overbudget: number[] = [];
  readonly #pressure: PressureGauge;
  readonly #excesses: Excess[] = [];
  /** The one that has not ended. */
  #excess: Excess | undefined;
  #now = 0;
  #live = 0;
  #idle = 0;

  constructor(data: PageData) {
    this.#data = data;
    this.#reader = new StreamReader(data.events);
    this.#pressure = new PressureGauge(data.budget);
    this.#rows = data.keys.map((key, number) => new Row(visible(key), number));
  }

  model(): Model {
    while (!this.#reader.done) this.#step();
    this.#now = this.#data.duration;
    this.#endExcess();
    for (const row of this.#rows) this.#close(row);
    const sum = (field: "evictions" | "reloads" | "leaks") =>
      this.#rows.reduce((total, row) => total + row[field], 0);
    const { times, live, idle, unfreed } = this.#totals;
    const peakOf = (bytes: (i: number) => number) =>
      times.reduce((peak, _, i) => Math.max(peak, bytes(i)), 0);
    return {
      data: this.#data,
      rows: this.#rows,
      totals: this.#totals,
      waiting: this.#waiting,
      overbudget: this.#overbudget,
      excesses: this.#excesses,
      peak: this.#rows.reduce((peak, row) => Math.max(peak, row.peak), 1),
      peakBytes: peakOf((i) => live[i]! + idle[i]!),
      peakMemory: peakOf((i) => live[i]! + idle[i]! + unfreed[i]!),
      evictions: sum("evictions"),
      reloads: sum("reloads"),
      leaks: sum("leaks"),
    };
  }

  #step(): void {
    const reader = this.#reader;
    this.#now += reader.next();
    const head = reader.next();
    const value = reader.next();
    const kind = head % KINDS;
    const number = Math.floor(head / KINDS);
    if (kind > Kind.overbudget && kind < RESIDENT) return this.#wait(kind, number, value);
    const row = this.#rows[number]!;
    if (kind === Kind.load || kind === RESIDENT) this.#load(row, kind === Kind.load, value);
    else if (kind === Kind.count) this.#setCount(row, value);
    else if (kind === Kind.reload) this.#reload(row, value);
    else if (kind === Kind.unload) this.#unload(row, this.#data.reasons[value]!);
    else if (kind === Kind.leak) this.#leak(row, this.#data.leaks[value]!);
    else this.#exceed();
    if (kind === RESIDENT) this.#beginPressure();
    else if (this.#pressure.measure(this.#live, this.#idle)) this.#changePressure();
  }

  /** Other work waits for a pump from here on. */
  #wait(kind: number, subject: number, value: number): void {
    const { times, work } = this.#waiting;
    const after = waitingAfter(work.at(-1), { kind, subject, value })!;
    if (times.at(-1) !== this.#now) times.push(this.#now);
    work[times.length - 1] = after;
    this.#note();
  }

  /** Live resources alone exceed the budget. */
  #exceed(): void {
    this.#overbudget.push(this.#now);
    this.#pressure.exceeded();
  }

  /** What is resident when the trace begins is known once the last such event is read. */
  #beginPressure(): void {
    this.#excesses.length = 0;
    this.#excess = undefined;
    if (this.#pressure.begin(this.#live, this.#idle)) this.#changePressure();
  }

  #changePressure(): void {
    this.#endExcess();
    const why = this.#pressure.now;
    if (why === "fits") return;
    this.#excesses.push(this.#excess = { from: this.#now, to: this.#now, why });
  }

  #endExcess(): void {
    if (this.#excess !== undefined) this.#excess.to = this.#now;
    this.#excess = undefined;
  }

  #load(row: Row, loaded: boolean, bytes: number): void {
    const type = this.#data.types[this.#reader.next()]!;
    const count = this.#reader.next();
    const loading = this.#reader.next();
    const from = this.#now;
    row.type ||= type;
    row.stays.push({ from, to: from, bytes, peak: count, ...(loaded && { loading }) });
    row.bytes = Math.max(row.bytes, bytes);
    this.#change(row, count);
  }

  #setCount(row: Row, count: number): void {
    // Where nothing stays idle, the unloading that follows says it all.
    if (count > 0 || this.#data.keepsIdle) this.#change(row, count);
  }

  #reload(row: Row, bytes: number): void {
    const count = row.counts.at(-1)!;
    this.#total(row, count, -1);
    row.stays.at(-1)!.bytes = bytes;
    row.bytes = Math.max(row.bytes, bytes);
    row.reloads++;
    row.marks.push({ time: this.#now, kind: "reload" });
    this.#total(row, count, 1);
  }

  #unload(row: Row, reason: string): void {
    const stay = row.stays.at(-1)!;
    this.#change(row, ABSENT);
    stay.to = this.#now;
    stay.reason = reason;
    if (reason !== "evicted" && reason !== "expired") return;
    row.evictions++;
    row.marks.push({ time: this.#now, kind: "evict" });
  }

  #leak(row: Row, leak: LeakData): void {
    row.type ||= leak.type;
    row.leaks++;
    row.marks.push({ time: this.#now, kind: "leak", leak });
  }

  #change(row: Row, count: number): void {
    this.#total(row, row.counts.at(-1) ?? ABSENT, -1);
    this.#age(row);
    row.times.push(this.#now);
    row.counts.push(count);
    row.peak = Math.max(row.peak, count);
    const stay = row.stays.at(-1)!;
    stay.peak = Math.max(stay.peak, count);
    this.#total(row, count, 1);
  }

  /** Adds the time since its last change to how long it was there. */
  #age(row: Row): void {
    const count = row.counts.at(-1) ?? ABSENT;
    const span = this.#now - (row.times.at(-1) ?? this.#now);
    if (count !== ABSENT) row.resident += span;
    if (count > 0) row.live += span;
  }

  /** Nothing is known of what comes after the end. */
  #close(row: Row): void {
    const stay = row.stays.at(-1);
    if (stay === undefined || stay.reason !== undefined) return;
    this.#change(row, ABSENT);
    stay.to = this.#now;
  }

  /** Counts the bytes of `row` in, or out by -1. */
  #total(row: Row, count: number, sign: 1 | -1): void {
    if (count === ABSENT) return;
    const bytes = sign * row.stays.at(-1)!.bytes;
    if (count > 0) this.#live += bytes;
    else this.#idle += bytes;
    this.#note();
  }

  /** One note for each moment, whatever happened in it. */
  #note(): void {
    const { times, live, idle, unfreed } = this.#totals;
    if (times.at(-1) !== this.#now) times.push(this.#now);
    unfreed[times.length - 1] = this.#waiting.work.at(-1)?.bytes ?? 0;
    live[times.length - 1] = this.#live;
    idle[times.length - 1] = this.#idle;
  }
}
