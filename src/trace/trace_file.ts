/**
 * The details of an event of a trace.
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
  /** The key of a resource, or the name of the track or the counter. */
  name: string;
  /** `M` names a track, `b` and `e` begin and end a span, `C` counts, `i` marks a moment. */
  ph: "M" | "b" | "e" | "C" | "i";
  /** The time in whole microseconds since the trace began. */
  ts: number;
  /** The group of tracks. */
  pid: number;
  /** The track of a moment. */
  tid: number;
  /** The kind of a span or a moment. */
  cat?: string;
  /** Spans with the same `cat` and `id` are nested in one track. */
  id?: string;
  /** The scope of a moment: its track. */
  s?: "t";
  /** Details of a span or a moment, or the numbers of a counter. */
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
  /** All events, sorted by time. */
  traceEvents: TraceEvent[];
  /** The unit in which viewers show times. */
  displayTimeUnit: "ms";
  /** Facts about the whole trace, such as `startTime` and the number of `events`. */
  otherData: TraceArgs;
}
