import type { Leak } from "../contract/events.ts";
import { Kind } from "./kind.ts";
import { type Life, REASONS, type Recorder } from "./recorder.ts";

/**
 * What an event of a trace says besides its name.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace, type TraceArgs } from "@holdfast/resources/trace";
 * import { assert } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const trace = startTrace(mgr);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * trace[Symbol.dispose]();
 * const args: (TraceArgs | undefined)[] = trace.toJSON().traceEvents.map((event) => event.args);
 * assert(args.length > 0);
 * ```
 */
export type TraceArgs = Record<string, string | number | boolean | undefined>;

/**
 * One event of the Trace Event Format.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace, type TraceEvent } from "@holdfast/resources/trace";
 * import { assert } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const trace = startTrace(mgr);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * trace[Symbol.dispose]();
 * const events: TraceEvent[] = trace.toJSON().traceEvents;
 * assert(events.some(({ ph, name }) => ph === "b" && name === "hero.txt"));
 * ```
 */
export interface TraceEvent {
  /** The key of a resource, or what the track or the counter is called. */
  name: string;
  /** `M` names a track, `b` and `e` begin and end a span, `C` counts, `i` marks a moment. */
  ph: "M" | "b" | "e" | "C" | "i";
  /** Microseconds since the trace began. */
  ts: number;
  /** The group of tracks. */
  pid: number;
  /** The track of a moment. */
  tid: number;
  /** What kind of span or moment it is. */
  cat?: string;
  /** Spans with the same `cat` and `id` are nested in one track. */
  id?: string;
  /** A moment belongs to its track. */
  s?: "t";
  /** Details, and the numbers of a counter. */
  args?: TraceArgs;
}

/**
 * A trace in the Trace Event Format, which Perfetto and Chrome's `chrome://tracing` open.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace, type TraceFile } from "@holdfast/resources/trace";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const trace = startTrace(mgr);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * trace[Symbol.dispose]();
 * const file: TraceFile = trace.toJSON();
 * assertEquals(file.displayTimeUnit, "ms");
 * ```
 */
export interface TraceFile {
  /** All events, by time. */
  traceEvents: TraceEvent[];
  /** How times are shown. */
  displayTimeUnit: "ms";
  /** About the whole trace. */
  otherData: TraceArgs;
}

/** The groups of tracks, in the order in which they are shown. */
const GROUPS = { resources: 1, references: 2, bytes: 3 } as const;
/** The tracks of moments: their numbers must differ from those of the groups, too. */
const TRACKS = { evictions: 11, reloads: 12, leaks: 13, budget: 14 } as const;

/** A life while the trace is gone through. */
interface Track {
  readonly life: Life;
  readonly id: string;
  refs: number;
  bytes: number;
  version: number;
  /** The span within the life that is open. */
  span: "live" | "idle";
}

/** Draws a recording as a trace of spans, counters and moments. O(events log events). */
export function chromeTrace(recorder: Recorder): TraceFile {
  return new ChromeTrace(recorder).file();
}

class ChromeTrace {
  readonly #recorder: Recorder;
  readonly #events: TraceEvent[] = [];
  readonly #tracks = new Map<number, Track>();
  readonly #ids = new Map<string, string>();
  readonly #start: number;
  #now = 0;
  #totals = { live: 0, idle: 0, liveBytes: 0, idleBytes: 0, references: 0 };
  #totalsChanged = true;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#start = recorder.since;
  }

  file(): TraceFile {
    const { lives, log } = this.#recorder;
    this.#nameTracks();
    this.#countBudget();
    for (const [id, life] of lives) if (life.resident) this.#load(id, life);
    log.forEach((time, kind, id, value) => {
      this.#moveTo(time);
      this.#step(kind, id, value);
    });
    this.#moveTo(this.#recorder.ended);
    for (const track of this.#tracks.values()) this.#end(track, { end: "still resident" });
    this.#countBudget();
    this.#countTotals();
    this.#events.sort((a, b) => a.ts - b.ts); // stable: only loads begin before what came before
    return { traceEvents: this.#events, displayTimeUnit: "ms", otherData: this.#about() };
  }

  #about(): TraceArgs {
    const { log, maxBytes } = this.#recorder;
    return {
      application: "Holdfast",
      startTime: new Date(performance.timeOrigin + this.#start).toISOString(),
      events: log.length,
      forgottenEvents: log.forgotten,
      ...(maxBytes !== undefined && { maxBytes }),
    };
  }

  #nameTracks(): void {
    const name = (what: string, pid: number, tid: number, label: string) =>
      this.#events.push({ name: what, ph: "M", ts: 0, pid, tid, args: { name: label } });
    name("process_name", GROUPS.resources, GROUPS.resources, "Resources");
    name("process_name", GROUPS.references, GROUPS.references, "References by resource");
    name("process_name", GROUPS.bytes, GROUPS.bytes, "Bytes by resource");
    for (const pid of Object.values(GROUPS)) {
      const args = { sort_index: pid };
      this.#events.push({ name: "process_sort_index", ph: "M", ts: 0, pid, tid: pid, args });
    }
    for (const [label, tid] of Object.entries(TRACKS)) {
      name("thread_name", GROUPS.resources, tid, label);
    }
  }

  #moveTo(time: number): void {
    const now = this.#microseconds(time);
    if (now === this.#now) return;
    this.#countTotals();
    this.#now = now;
  }

  /** To the nanosecond, as the tools show it. */
  #microseconds(time: number): number {
    return Math.max(0, Math.round((time - this.#start) * 1e6) / 1e3);
  }

  #step(kind: Kind, id: number, value: number): void {
    if (kind === Kind.leak) return this.#leak(this.#recorder.leaks.get(value)!);
    if (kind === Kind.overbudget) {
      return this.#mark("budget", "over budget", {
        bytes: value,
        maxBytes: this.#recorder.maxBytes,
      });
    }
    if (kind === Kind.load) return this.#load(id, this.#recorder.lives.get(id)!);
    const track = this.#tracks.get(id)!;
    if (kind === Kind.count) this.#setRefs(track, value);
    else if (kind === Kind.reload) this.#reload(track, value);
    else this.#unload(id, track, value);
  }

  #load(id: number, life: Life): void {
    const { key, type, refs, bytes, version, loading } = life;
    const track = { life, id: this.#idOf(key), refs, bytes, version, span: spanOf(refs) };
    this.#tracks.set(id, track);
    if (loading !== undefined) this.#loading(id, key, loading);
    const args = { type, bytes, ...(loading === undefined && { loadedBefore: true }) };
    this.#span("b", key, track, args);
    this.#span("b", track.span, track);
    this.#add(track, 1);
    this.#countRefs(track, refs);
    this.#countBytes(track, bytes);
  }

  /** The time before a resource was there: in a track of its own, for another may be there still. */
  #loading(id: number, key: string, ms: number): void {
    const track = { cat: "load", id: `load ${id}`, pid: GROUPS.resources, tid: GROUPS.resources };
    const begin = this.#microseconds(this.#start + this.#now / 1e3 - ms);
    this.#events.push({ name: `load ${key}`, ph: "b", ts: begin, ...track });
    this.#events.push({ name: `load ${key}`, ph: "e", ts: this.#now, ...track });
  }

  #setRefs(track: Track, refs: number): void {
    this.#add(track, -1);
    track.refs = refs;
    this.#add(track, 1);
    this.#countRefs(track, refs);
    const span = spanOf(refs);
    if (span === track.span || (span === "idle" && !this.#recorder.keepsIdle)) return;
    this.#span("e", track.span, track);
    this.#span("b", track.span = span, track);
  }

  #reload(track: Track, bytes: number): void {
    this.#add(track, -1);
    track.bytes = bytes;
    this.#add(track, 1);
    this.#countBytes(track, bytes);
    const { key } = track.life;
    this.#mark("reloads", `reloaded ${key}`, { key, version: ++track.version, bytes });
  }

  #unload(id: number, track: Track, number: number): void {
    const { life: { key }, bytes } = track;
    this.#tracks.delete(id);
    this.#add(track, -1);
    const reason = REASONS[number]!;
    if (reason === "evicted" || reason === "expired") {
      this.#mark("evictions", `${reason} ${key}`, { key, bytes, reason });
    }
    this.#end(track, { reason });
    this.#countRefs(track, 0);
    this.#countBytes(track, 0);
  }

  #end(track: Track, args: TraceArgs): void {
    this.#span("e", track.span, track);
    this.#span("e", track.life.key, track, args);
  }

  #leak({ key, type, label, stack }: Leak): void {
    this.#mark("leaks", `leaked ${key}`, { key, type, label, stack });
  }

  #span(ph: "b" | "e", name: string, { id }: Track, args?: TraceArgs): void {
    const event: TraceEvent = {
      name,
      ph,
      ts: this.#now,
      pid: GROUPS.resources,
      tid: GROUPS.resources,
      cat: "resource",
      id,
    };
    this.#events.push(args === undefined ? event : { ...event, args });
  }

  #mark(track: keyof typeof TRACKS, name: string, args: TraceArgs): void {
    const place = { pid: GROUPS.resources, tid: TRACKS[track] };
    this.#events.push({ name, ph: "i", ts: this.#now, ...place, cat: track, s: "t", args });
  }

  #countRefs({ life }: Track, references: number): void {
    this.#count(life.key, GROUPS.references, { references });
  }

  #countBytes({ life }: Track, bytes: number): void {
    this.#count(life.key, GROUPS.bytes, { bytes });
  }

  #countBudget(): void {
    const { maxBytes } = this.#recorder;
    if (maxBytes !== undefined) this.#count("budget", GROUPS.resources, { bytes: maxBytes });
  }

  #count(name: string, pid: number, args: TraceArgs): void {
    this.#events.push({ name, ph: "C", ts: this.#now, pid, tid: pid, args });
  }

  /** Once for each moment, whatever happened in it. */
  #countTotals(): void {
    if (!this.#totalsChanged) return;
    this.#totalsChanged = false;
    const { live, idle, liveBytes, idleBytes, references } = this.#totals;
    this.#count("resident bytes", GROUPS.resources, { live: liveBytes, idle: idleBytes });
    this.#count("resident resources", GROUPS.resources, { live, idle });
    this.#count("all", GROUPS.resources, { references });
  }

  /** Counts a resource in, or out by -1. */
  #add({ refs, bytes }: Track, sign: 1 | -1): void {
    const totals = this.#totals;
    totals.references += sign * refs;
    totals[refs > 0 ? "live" : "idle"] += sign;
    totals[refs > 0 ? "liveBytes" : "idleBytes"] += sign * bytes;
    this.#totalsChanged = true;
  }

  #idOf(key: string): string {
    let id = this.#ids.get(key);
    if (id === undefined) this.#ids.set(key, id = `0x${(this.#ids.size + 1).toString(16)}`);
    return id;
  }
}

function spanOf(refs: number): "live" | "idle" {
  return refs > 0 ? "live" : "idle";
}
