/**
 * Records what happens to the resources of a manager, and draws it.
 *
 * A {@linkcode Trace} sees every load, reference, reload, eviction, unloading and leak while it runs.
 * It gives them as a file for Perfetto or Chrome's `chrome://tracing`, or as one page that draws each
 * resource as a row over time and needs no network.
 *
 * A manager that nobody traces is as fast as ever, also after a trace has ended.
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
 * assertEquals(trace.events, 3); // loaded, given back, unloaded
 * const file = JSON.stringify(trace); // opens in https://ui.perfetto.dev
 * const page = trace.toHTML(); // opens in any browser
 * ```
 *
 * @module
 */
import { cacheOf } from "./cache/observers.ts";
import type { ResourceManager } from "./manager.ts";
import { chromeTrace, type TraceFile } from "./trace/chrome_trace.ts";
import { PAGE } from "./trace/bundled_page.ts";
import { pageData } from "./trace/page_data.ts";
import { Recorder } from "./trace/recorder.ts";

export type { TraceArgs, TraceEvent, TraceFile } from "./trace/chrome_trace.ts";

/**
 * How to trace.
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
   * How many events are kept, at 21 bytes each. When there are more, the oldest are forgotten, and
   * {@linkcode Trace.forgotten} and the drawings say so.
   *
   * @default {1_000_000}
   */
  maxEvents?: number;
  /**
   * What the page is called.
   *
   * @default {"Holdfast trace"}
   */
  title?: string;
}

/**
 * A recording of a manager. Disposing it stops the recording, and keeps what was recorded.
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
  /** How many events it has. */
  readonly events: number;
  /** How many events are lost, because there were more than `maxEvents`. */
  readonly forgotten: number;
  /** Whether it has ended. */
  readonly disposed: boolean;
  /**
   * The recording in the Trace Event Format. `JSON.stringify(trace)` makes a file of it that Perfetto
   * and `chrome://tracing` open. O(events log events).
   */
  toJSON(): TraceFile;
  /** The recording as a page, complete in itself: for a file, or a server. O(events). */
  toHTML(): string;
}

/**
 * Records what happens to the resources of `manager`, until the result is disposed. What is resident
 * already is recorded as it stands. Each change of a reference count costs some 100 ns meanwhile.
 *
 * @throws {RangeError} `maxEvents` is no positive whole number.
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
      `Cannot start a trace: "maxEvents" must be a positive whole number: received ${maxEvents}`,
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
    return chromeTrace(this.#recorder);
  }

  toHTML(): string {
    const data = JSON.stringify(pageData(this.#recorder, this.#title));
    // Within JSON, only a "<" could end the element that holds it.
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
