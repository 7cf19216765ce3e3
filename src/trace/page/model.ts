import { lineOf, siteOf } from "../../contract/call_site.ts";
import type { QueuedWork } from "../../contract/stats.ts";
import { Kind, KINDS, RESIDENT } from "../kind.ts";
import type { LeakData, PageData, TraceBatch } from "../page_data.ts";
import { type Pressure, PressureGauge } from "../pressure.ts";
import { waitingAfter } from "../waiting.ts";
import { ABSENT, type CallSite, Directory, type Leak, Openings, Row, Totals } from "./row.ts";
import { StreamReader } from "./stream_reader.ts";
import { visible } from "./text.ts";

/** The work that waits for a pump, over time. */
export interface Waiting {
  readonly times: number[];
  readonly work: QueuedWork[];
}

/** A span of time in which resident bytes exceed the budget. */
export interface Excess {
  readonly from: number;
  /** When the bytes fit again, or the reason changed; `Infinity` until then. */
  to: number;
  readonly why: Exclude<Pressure, "fits">;
}

const UNKNOWN: CallSite = { stack: undefined, site: "", line: "" };

/**
 * Everything that a page shows. Times are microseconds since the trace began.
 *
 * A model is complete when it is constructed, and may grow: `append(batch)` adds later events in
 * O(events of the batch), however long the trace is. The view reads only what is visible from the
 * tracks. To show another trace, make another model.
 */
export class Model {
  readonly data: PageData;
  readonly rows: Row[] = [];
  readonly types: string[] = [];
  /** The directories by their paths. */
  readonly directories: Map<string, Directory> = new Map();
  readonly totals: Totals = new Totals();
  /** Empty unless the manager is pumped. */
  readonly waiting: Waiting = { times: [], work: [] };
  /** The times at which live resources alone began to exceed the budget. */
  readonly overbudget: number[] = [];
  /** Sorted by time, without overlap. */
  readonly excesses: Excess[] = [];
  /** The call sites that opened leaked handles. */
  readonly sites: (CallSite & { readonly stack: string })[] = [];
  /** All leaks, in the order of their reports. */
  readonly leaks: Leak[] = [];
  /** The times of all evictions and expiries, and of all reloads. */
  readonly evictions: number[] = [];
  readonly reloads: number[] = [];
  /** The length of the trace, in microseconds. */
  duration = 0;
  /** How many events the trace has. */
  count = 0;
  /** The most references that a resource had. */
  peak = 1;
  readonly #openings = new Openings();
  readonly #leakData: LeakData[] = [];
  readonly #pressure: PressureGauge;
  #reader = new StreamReader("");
  #now = 0;

  constructor(data: PageData) {
    this.data = data;
    this.#pressure = new PressureGauge(data.budget);
    this.append(data);
  }

  /** All leaks, in the order of their openings. */
  get openings(): readonly Leak[] {
    return this.#openings.sorted;
  }

  /** The most bytes that were resident. */
  get peakBytes(): number {
    return Math.max(0, this.totals.resident.peak);
  }

  /** The most bytes that were resident, or unloaded and not freed yet. */
  get peakMemory(): number {
    return Math.max(0, this.totals.memory.peak);
  }

  /** Adds later events. */
  append(batch: TraceBatch): void {
    for (const key of batch.keys) this.#addRow(key);
    this.types.push(...batch.types.map(visible));
    for (const stack of batch.stacks) {
      this.sites.push({ stack, site: siteOf(stack), line: lineOf(stack) });
    }
    this.#leakData.push(...batch.leaks);
    this.#reader = new StreamReader(batch.events);
    while (!this.#reader.done) this.#step();
    this.count += batch.count;
    this.duration = Math.max(this.duration, batch.duration);
  }

  #addRow(name: string): void {
    const row = new Row(name, this.rows.length);
    this.rows.push(row);
    let directory = this.directories.get(row.directory);
    if (directory === undefined) {
      this.directories.set(row.directory, directory = new Directory(row.directory));
    }
    directory.rows.push(row);
  }

  #step(): void {
    const reader = this.#reader;
    this.#now += reader.next();
    const head = reader.next();
    const value = reader.next();
    const kind = head % KINDS;
    const number = Math.floor(head / KINDS);
    if (kind > Kind.overbudget && kind < RESIDENT) return this.#wait(kind, number, value);
    const row = this.rows[number]!;
    if (kind === Kind.load || kind === RESIDENT) this.#load(row, kind === Kind.load, value);
    else if (kind === Kind.count) this.#setCount(row, value);
    else if (kind === Kind.reload) this.#reload(row, value);
    else if (kind === Kind.unload) this.#unload(row, this.data.reasons[value]!);
    else if (kind === Kind.leak) this.#leak(row, this.#leakData[value]!);
    else this.#exceed();
    const { liveNow, idleNow } = this.totals;
    if (kind === RESIDENT) this.#beginPressure();
    else if (this.#pressure.measure(liveNow, idleNow)) this.#changePressure();
  }

  /** The work that waits for a pump has changed. */
  #wait(kind: number, subject: number, value: number): void {
    const { times, work } = this.waiting;
    const after = waitingAfter(work.at(-1), { kind, subject, value })!;
    if (times.at(-1) !== this.#now) times.push(this.#now);
    work[times.length - 1] = after;
    this.totals.add(this.#now, 0, 0, after.bytes);
  }

  #exceed(): void {
    this.overbudget.push(this.#now);
    this.#pressure.exceeded();
  }

  /**
   * Starts again at each resident resource, because only the last one completes the bytes at the
   * start.
   */
  #beginPressure(): void {
    this.excesses.length = 0;
    if (this.#pressure.begin(this.totals.liveNow, this.totals.idleNow)) this.#changePressure();
  }

  #changePressure(): void {
    const open = this.excesses.at(-1);
    if (open?.to === Infinity) open.to = this.#now;
    const why = this.#pressure.now;
    if (why !== "fits") this.excesses.push({ from: this.#now, to: Infinity, why });
  }

  #load(row: Row, loaded: boolean, bytes: number): void {
    const type = this.types[this.#reader.next()]!;
    const count = this.#reader.next();
    const loading = this.#reader.next();
    row.type ||= type;
    row.stays.push({ from: this.#now, to: Infinity, peak: count, ...(loaded && { loading }) });
    row.resize(this.#now, bytes);
    this.#change(row, count);
  }

  #setCount(row: Row, count: number): void {
    // If nothing stays idle, the unload event that follows is enough.
    if (count > 0 || this.data.keepsIdle) this.#change(row, count);
  }

  #reload(row: Row, bytes: number): void {
    const more = bytes - row.sizes.values.at(-1)!;
    row.resize(this.#now, bytes);
    const live = row.counts.values.at(-1)! > 0;
    this.#addBytes(row, live ? more : 0, live ? 0 : more);
    row.reloads.push(this.#now);
    this.reloads.push(this.#now);
  }

  #unload(row: Row, reason: string): void {
    const stay = row.stays.at(-1)!;
    this.#change(row, ABSENT);
    stay.to = this.#now;
    stay.reason = reason;
    if (reason !== "evicted" && reason !== "expired") return;
    row.evictions.push(this.#now);
    this.evictions.push(this.#now);
  }

  #leak(row: Row, data: LeakData): void {
    row.type ||= visible(data.type);
    const opened = Math.min(this.#now, data.openedAt ?? this.#now);
    const site = this.sites[data.stack ?? -1] ?? UNKNOWN;
    const leak = { row, data, opened, reported: this.#now, ...site };
    row.leak(leak);
    this.leaks.push(leak);
    this.#openings.add(leak);
  }

  #change(row: Row, count: number): void {
    const before = row.counts.values.at(-1) ?? ABSENT;
    const bytes = row.sizes.values.at(-1)!;
    row.change(this.#now, count);
    this.peak = Math.max(this.peak, count);
    const live = Number(count > 0) - Number(before > 0);
    const idle = Number(count === 0) - Number(before === 0);
    if (live !== 0 || idle !== 0) this.#addBytes(row, live * bytes, idle * bytes);
  }

  /** Adds the changes of the live and idle bytes of `row` to all totals. */
  #addBytes(row: Row, live: number, idle: number): void {
    this.totals.add(this.#now, live, idle, this.waiting.work.at(-1)?.bytes);
    this.directories.get(row.directory)!.totals.add(this.#now, live, idle);
  }
}
