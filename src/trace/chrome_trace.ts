import { siteOf } from "../contract/call_site.ts";
import type { Leak } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import { EventQueue, GRAIN } from "./event_queue.ts";
import { Kind } from "./kind.ts";
import { type Pressure, PressureGauge } from "./pressure.ts";
import { type Life, REASONS, type Recording } from "./recorder.ts";
import { Resource, Stay } from "./stay.ts";
import { Totals } from "./totals.ts";
import type { TraceArgs, TraceEvent } from "./trace_file.ts";
import { GROUPS, trackNames, TRACKS } from "./tracks.ts";
import { waitingAfter, WaitingCounters } from "./waiting.ts";

/**
 * Converts a recording to spans, counters and moments of the Trace Event Format, sorted by time, in
 * batches of some thousands. O(events). It holds only the resident resources, the keys, and long
 * loads in memory.
 */
export function traceEvents(recording: Recording): Generator<TraceEvent[]> {
  return new ChromeTrace(recording).batches();
}

/** The begin of a load. The log has events between it and the `load` event. */
interface LoadBegin {
  readonly id: number;
  readonly ts: number;
}

class ChromeTrace {
  readonly #recording: Recording;
  readonly #queue = new EventQueue();
  readonly #totals = new Totals(this.#queue);
  readonly #counters = new WaitingCounters(this.#queue);
  /** The work that waits for a pump. */
  #waiting: QueuedWork | undefined;
  readonly #pressure: PressureGauge;
  readonly #stays = new Map<number, Stay>();
  readonly #resources = new Map<string, Resource>();
  /** Sorted by time, the last first. */
  readonly #begins: LoadBegin[];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#waiting = recording.waiting;
    this.#pressure = new PressureGauge(recording.maxBytes);
    this.#begins = this.#findLongLoads();
  }

  *batches(): Generator<TraceEvent[]> {
    yield trackNames();
    this.#begin();
    for (const slice of this.#recording.slices) {
      slice.forEach((time, kind, id, value) => {
        this.#moveTo(this.#microseconds(time));
        this.#step(kind, id, value, time);
        this.#totals.show();
        this.#drawPressure();
      });
      yield this.#queue.take();
    }
    this.#end();
    yield this.#queue.takeAll();
  }

  #begin(): void {
    const { lives, maxBytes } = this.#recording;
    this.#moveTo(0);
    if (maxBytes !== undefined) {
      const pid = GROUPS.resources;
      this.#queue.add({ name: "budget", ph: "C", ts: 0, pid, tid: pid, args: { bytes: maxBytes } });
    }
    for (const [id, life] of lives) if (life.resident) this.#insert(id, life);
    this.#totals.show();
    if (this.#waiting) this.#counters.set(this.#waiting);
    const { liveBytes, idleBytes } = this.#totals;
    if (this.#pressure.begin(liveBytes, idleBytes)) this.#pressureSpan("b");
    this.#queue.flush();
  }

  #end(): void {
    this.#moveTo(this.#microseconds(this.#recording.ended));
    this.#queue.flush();
    for (const stay of this.#stays.values()) stay.end({ end: "still resident" });
    if (this.#pressure.now !== "fits") this.#pressureSpan("e");
  }

  #moveTo(ts: number): void {
    const begins = this.#begins;
    while (begins.length > 0 && begins.at(-1)!.ts <= ts) {
      const { id, ts } = begins.pop()!;
      this.#loadSpan("b", id, ts);
    }
    this.#queue.moveTo(ts);
  }

  #microseconds(time: number): number {
    return Math.max(0, Math.round((time - this.#recording.since) * 1000));
  }

  #step(kind: Kind, id: number, value: number, time: number): void {
    if (kind === Kind.leak) return this.#leak(this.#recording.leaks.get(value)!);
    if (kind === Kind.overbudget) return this.#exceed(value);
    if (kind > Kind.overbudget) return this.#wait({ kind, subject: id, value });
    if (kind === Kind.load) return this.#load(id, this.#recording.lives.get(id)!, time);
    const stay = this.#stays.get(id)!;
    this.#totals.add(stay, -1);
    if (kind === Kind.unload) return this.#unload(id, stay, value);
    if (kind === Kind.count) stay.setRefs(value, this.#recording.keepsIdle);
    else this.#reload(stay, value);
    this.#totals.add(stay, 1);
  }

  #wait(event: { kind: Kind; subject: number; value: number }): void {
    this.#waiting = waitingAfter(this.#waiting, event)!;
    this.#counters.set(this.#waiting);
  }

  /** A load has a track of its own, because its key may still be resident. */
  #load(id: number, life: Life, time: number): void {
    const begin = this.#microseconds(time - life.loading!);
    if (this.#queue.now - begin < GRAIN) this.#loadSpan("b", id, begin);
    this.#loadSpan("e", id, this.#queue.now);
    this.#insert(id, life);
  }

  #insert(id: number, life: Life): void {
    const { type, bytes, loading } = life;
    const stay = new Stay(this.#queue, this.#resourceOf(life.key), life);
    this.#stays.set(id, stay);
    this.#totals.add(stay, 1);
    stay.begin({ type, bytes, ...(loading === undefined && { loadedBefore: true }) });
  }

  #reload(stay: Stay, bytes: number): void {
    stay.reload(bytes);
    const { version, resource: { key } } = stay;
    this.#mark("reloads", `reloaded ${key}`, { key, version, bytes });
  }

  #unload(id: number, stay: Stay, number: number): void {
    const { bytes, resource: { key, references, bytes: size } } = stay;
    const reason = REASONS[number]!;
    this.#stays.delete(id);
    if (reason === "evicted" || reason === "expired") {
      this.#mark("evictions", `${reason} ${key}`, { bytes });
    }
    stay.end({ reason });
    references.set({ references: 0 }, 0);
    size.set({ bytes: 0 }, 0);
  }

  /** In the file, `openedAt` is a time like `ts`; it is negative before the trace began. */
  #leak({ key, type, label, bytes, stack, openedAt }: Leak): void {
    const site = stack ? siteOf(stack) : undefined;
    const opened = openedAt === undefined
      ? undefined
      : Math.round((openedAt - this.#recording.since) * 1000);
    const args = { key, type, label, bytes, site, openedAt: opened, stack };
    this.#mark("leaks", `leaked ${key}`, args);
  }

  #exceed(bytes: number): void {
    const { liveBytes } = this.#totals;
    this.#pressure.exceeded();
    this.#mark("budget", "over budget", { bytes, liveBytes, maxBytes: this.#recording.maxBytes });
  }

  /** Draws when the budget is exceeded, and why. */
  #drawPressure(): void {
    const before = this.#pressure.now;
    if (!this.#pressure.measure(this.#totals.liveBytes, this.#totals.idleBytes)) return;
    if (before !== "fits") this.#pressureSpan("e", before);
    if (this.#pressure.now !== "fits") this.#pressureSpan("b");
  }

  #pressureSpan(ph: "b" | "e", name: Pressure = this.#pressure.now): void {
    const { maxBytes } = this.#recording;
    const { liveBytes } = this.#totals;
    const pid = GROUPS.resources;
    const event: TraceEvent = {
      name,
      ph,
      ts: this.#queue.now,
      pid,
      tid: pid,
      cat: "budget",
      id: "b",
    };
    if (ph === "b" && name === "over budget") event.args = { liveBytes, maxBytes };
    this.#queue.add(event);
  }

  #loadSpan(ph: "b" | "e", number: number, ts: number): void {
    const name = `load ${this.#recording.lives.get(number)!.key}`;
    const pid = GROUPS.resources;
    const id = `load ${number.toString(16)}`;
    this.#queue.add({ name, ph, ts, pid, tid: pid, cat: "load", id });
  }

  #mark(track: keyof typeof TRACKS, name: string, args: TraceArgs): void {
    const place = { pid: GROUPS.resources, tid: TRACKS[track] };
    this.#queue.add({ name, ph: "i", ts: this.#queue.now, ...place, cat: track, s: "t", args });
  }

  #resourceOf(key: string): Resource {
    let resource = this.#resources.get(key);
    if (resource === undefined) {
      const id = `0x${(this.#resources.size + 1).toString(16)}`;
      this.#resources.set(key, resource = new Resource(this.#queue, key, id));
    }
    return resource;
  }

  /**
   * The loads that are longer than the queue waits: events after their begin may be written before
   * they end.
   */
  #findLongLoads(): LoadBegin[] {
    const { slices, lives } = this.#recording;
    const begins: LoadBegin[] = [];
    for (const slice of slices) {
      slice.forEach((time, kind, id) => {
        if (kind !== Kind.load) return;
        const ts = this.#microseconds(time - lives.get(id)!.loading!);
        if (this.#microseconds(time) - ts >= GRAIN) begins.push({ id, ts });
      });
    }
    return begins.sort((a, b) => b.ts - a.ts);
  }
}
