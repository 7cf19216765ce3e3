/**
 * Records what happens to the resources of a manager, and draws it.
 *
 * A {@linkcode Trace} records every load, reference, reload, eviction, unloading and leak while it runs.
 * It makes a file of them for Perfetto or Chrome's `chrome://tracing`, or one page that draws each
 * resource as a row over time and needs no network.
 *
 * A manager without a running trace is as fast as usual.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace } from "@holdfast/resources/trace";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * using trace = startTrace(mgr);
 * {
 *   using intro = mgr.load("intro.txt", Text);
 *   assertEquals(intro.value, "Hello");
 * }
 * assertEquals(trace.events, 3); // loaded, released, unloaded
 * const file = JSON.stringify(trace); // opens in https://ui.perfetto.dev
 * const page = trace.toHTML(); // opens in any browser
 * ```
 *
 * @module
 */
import { cacheOf } from "./cache/managers.ts";
import { quote } from "./contract/printable.ts";
import type { ResourceManager } from "./manager.ts";
import { PAGE } from "./trace/bundled_page.ts";
import { jsonChunks, traceFile } from "./trace/json_file.ts";
import { pageData } from "./trace/page_data.ts";
import { Recorder } from "./trace/recorder.ts";
import type { TraceFile } from "./trace/trace_file.ts";

export type { TraceArgs, TraceEvent, TraceFile } from "./trace/trace_file.ts";

/**
 * Options for {@linkcode startTrace}.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace, type TraceOptions } from "@holdfast/resources/trace";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const options: TraceOptions = { title: "level 1", maxEvents: 10_000 };
 * using trace = startTrace(mgr, options);
 * using _hero = mgr.load("hero.txt", Text);
 * assertStringIncludes(trace.toHTML(), "level 1");
 * ```
 */
export interface TraceOptions {
  /**
   * How many events are kept. Each takes 22 bytes of memory, and each load about 140 bytes more. When
   * there are more events, the oldest are forgotten; {@linkcode Trace.forgotten}, the page and the file
   * say how many.
   *
   * @default {1_000_000}
   */
  maxEvents?: number;
  /**
   * The title of the page.
   *
   * @default {"Holdfast trace"}
   */
  title?: string;
}

/**
 * A recording of a manager. Disposing it ends the recording, and keeps what was recorded.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace, type Trace } from "@holdfast/resources/trace";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const trace: Trace = startTrace(mgr);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * trace[Symbol.dispose]();
 * assertStringIncludes(trace.toHTML(), "hero.txt"); // write it to a file, and open that
 * ```
 */
export interface Trace extends Disposable {
  /** How many events are kept. */
  readonly events: number;
  /** How many events were forgotten, because there were more than `maxEvents`. */
  readonly forgotten: number;
  /** Whether the recording has ended. */
  readonly disposed: boolean;
  /**
   * Returns the recording in the Trace Event Format. `JSON.stringify(trace)` makes a file of it that
   * Perfetto and `chrome://tracing` open. Changes within 100 µs are grouped, so most events take 30 to 120
   * characters; a load and its unloading take about 1000. O(events).
   *
   * All of it is in memory at once: about 3 bytes for each character. {@linkcode Trace.chunks} needs
   * almost no memory.
   *
   * @throws {RangeError} The JSON is longer than a string can be, which is 536 870 888 characters in
   * V8. Use {@linkcode Trace.chunks}.
   */
  toJSON(): TraceFile;
  /**
   * Returns the same file in parts, each a string of about a million characters. Together they are what
   * `JSON.stringify(trace)` returns, and they may be longer than one string can be. Each part is made
   * when it is read. The trace may go on meanwhile: the parts contain what it had recorded when `chunks`
   * was called. O(events).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { startTrace } from "@holdfast/resources/trace";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * const trace = startTrace(mgr, { maxEvents: 5_000_000 });
   * mgr.load("hero.txt", Text)[Symbol.dispose]();
   * trace[Symbol.dispose]();
   *
   * // Deno: await Deno.writeTextFile("trace.json", ReadableStream.from(trace.chunks()));
   * // Node: await fs.promises.writeFile("trace.json", trace.chunks());
   * const file = new Blob([...trace.chunks()]); // a browser
   * assertEquals(await file.text(), JSON.stringify(trace));
   * ```
   */
  chunks(): Iterable<string>;
  /** Returns the recording as one complete HTML page: write it to a file, or serve it. O(events). */
  toHTML(): string;
}

/**
 * Records what happens to the resources of `manager`, until the result is disposed. Resources that are
 * resident already are part of the recording. Starting costs O(resident resources), and each change of a
 * reference count costs about 120 ns.
 *
 * @throws {RangeError} `maxEvents` is not a positive whole number.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { startTrace } from "@holdfast/resources/trace";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * const trace = startTrace(mgr, { title: "level 1", maxEvents: 10_000 });
 * mgr.load("intro.txt", Text)[Symbol.dispose]();
 * trace[Symbol.dispose]();
 * assertStringIncludes(trace.toHTML(), "level 1");
 * ```
 */
export function startTrace(manager: ResourceManager, options: TraceOptions = {}): Trace {
  const { maxEvents = 1_000_000, title = "Holdfast trace" } = options;
  if (!Number.isSafeInteger(maxEvents) || maxEvents < 1) {
    throw new RangeError(
      `Cannot start a trace: "maxEvents" must be a positive whole number: received ${
        quote(maxEvents)
      }`,
    );
  }
  return new RecordedTrace(new Recorder(cacheOf(manager), maxEvents), title);
}

class RecordedTrace implements Trace {
  readonly #recorder: Recorder;
  readonly #title: string;

  constructor(recorder: Recorder, title: string) {
    this.#recorder = recorder;
    this.#title = title;
  }

  get events(): number {
    return this.#recorder.log.length;
  }

  get forgotten(): number {
    return this.#recorder.log.forgotten;
  }

  get disposed(): boolean {
    return !this.#recorder.running;
  }

  toJSON(): TraceFile {
    return traceFile(this.#recorder.recording());
  }

  chunks(): Iterable<string> {
    return jsonChunks(this.#recorder.snapshot());
  }

  toHTML(): string {
    const data = JSON.stringify(pageData(this.#recorder, this.#title));
    // In JSON, only a "<" could end the script element that it is in.
    return PAGE[0] + data.replaceAll("<", "\\u003c") + PAGE[1];
  }

  [Symbol.dispose](): void {
    this.#recorder.stop();
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { events, forgotten, disposed } = this;
    return `Trace ${inspect({ title: this.#title, events, forgotten, disposed }, options)}`;
  }
}
