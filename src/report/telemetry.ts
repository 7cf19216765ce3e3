import type { Cache, CacheCounts } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { isAborted, messageOf } from "../contract/errors.ts";
import type { QueuedWork } from "../contract/stats.ts";

// Spans and metrics for OpenTelemetry. With `OTEL_DENO=true`, Deno has an implementation behind a
// well-known symbol. Without one, nothing of this module is created.

/** The part of the OpenTelemetry API that is used here. */
interface Api {
  readonly trace: { getTracer(name: string): Tracer };
  readonly metrics: { getMeter(name: string): Meter };
  readonly context: { active(): Context };
}

interface Context {
  getValue(key: symbol): unknown;
}

type Attributes = Record<string, string | number>;

interface Span {
  isRecording(): boolean;
  setAttributes(attributes: Attributes): void;
  recordException(error: unknown): void;
  setStatus(status: { code: number; message?: string }): void;
  end(): void;
}

interface Tracer {
  startSpan(name: string, options: { attributes: Attributes }): Span;
  startActiveSpan<T>(
    name: string,
    options: { attributes: Attributes },
    context: Context,
    run: (span: Span) => T,
  ): T;
}

interface Observable {
  addCallback(callback: (result: { observe(value: number): void }) => void): void;
}

interface Meter {
  createObservableCounter(
    name: string,
    options: { description: string; unit?: string },
  ): Observable;
  createObservableGauge(name: string, options: { description: string; unit?: string }): Observable;
}

const LIBRARY = "@holdfast/resources";
const STATUS_ERROR = 2;
/** The counters of a cache, and their descriptions. */
const COUNTERS: Record<keyof CacheCounts, string> = {
  hits: "Loads that found their resource resident",
  misses: "Loads that had to read",
  evictions: "Idle resources that were unloaded for space",
  leaks: "Handles that leaked",
};
const COUNTER_NAMES = /* @__PURE__ */ Object.keys(COUNTERS) as (keyof CacheCounts)[];
const ZEROS: CacheCounts = { hits: 0, misses: 0, evictions: 0, leaks: 0 };
/** The gauges for work that waits for a pump: the name, the description and the unit of each. */
const QUEUES: readonly (readonly [keyof QueuedWork, string, string?])[] = [
  ["loads", "Turns of loaders that wait for a pump"],
  ["unloads", "Unloads that wait for a pump"],
  ["bytes", "Bytes that are unloaded, and wait for a pump to be freed", "By"],
];

/** Adds up the counters of all managers. Keeps no manager alive; the counts of a collected one remain. */
class Meters {
  readonly #totals = { ...ZEROS };
  /** What each cache had counted when it was read last. */
  readonly #caches = new Map<WeakRef<Cache>, CacheCounts>();

  constructor(meter: Meter) {
    for (const name of COUNTER_NAMES) {
      const description = COUNTERS[name];
      meter.createObservableCounter(`holdfast.${name}`, { description }).addCallback((result) => {
        this.#collect();
        result.observe(this.#totals[name]);
      });
    }
    const description = "Bytes of live and idle resources";
    meter.createObservableGauge("holdfast.bytes", { description, unit: "By" })
      .addCallback((result) => result.observe(this.#collect()));
    for (const [name, description, unit] of QUEUES) {
      meter.createObservableGauge(`holdfast.queued.${name}`, { description, ...(unit && { unit }) })
        .addCallback((result) => {
          const queues = [...this.#caches.keys()]
            .flatMap((cache) => cache.deref()?.unloading.work ?? []);
          if (queues.length === 0) return; // No manager is paced.
          result.observe(queues.reduce((sum, queue) => sum + queue[name], 0));
        });
    }
  }

  add(cache: Cache): void {
    this.#caches.set(new WeakRef(cache), ZEROS);
  }

  /** Adds what was counted since the last call. Returns how many bytes are resident. */
  #collect(): number {
    let bytes = 0;
    for (const [weak, before] of this.#caches) {
      const cache = weak.deref();
      if (!cache) {
        this.#caches.delete(weak);
        continue;
      }
      bytes += cache.budget.bytes;
      const { counts } = cache;
      for (const name of COUNTER_NAMES) this.#totals[name] += counts[name] - before[name];
      this.#caches.set(weak, counts);
    }
    return bytes;
  }
}

/** Makes a span for each load, and counts what the managers do. */
export class Telemetry {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #meters: Meters;
  /** The active context when each asynchronous load was requested. */
  readonly #contexts = new WeakMap<object, Context>();
  readonly #spans = new WeakMap<object, Span>();

  constructor(api: Api) {
    this.#api = api;
    this.#tracer = api.trace.getTracer(LIBRARY);
    this.#meters = new Meters(api.metrics.getMeter(LIBRARY));
  }

  /** Counts what a manager does from now on. */
  count(cache: Cache): void {
    this.#meters.add(cache);
  }

  /** Makes a span for a hit, but only if its caller is being traced: a frame may have thousands of hits. */
  hit(entry: Entry): void {
    const span = this.#api.context.active().getValue(SPAN) as Span | undefined;
    if (!span?.isRecording()) return;
    this.#tracer.startSpan("holdfast.load", { attributes: attributesOf(entry, "hit") }).end();
  }

  /** Runs a synchronous load in a span. The spans of its dependencies are below it. */
  load(key: string, run: () => Entry): Entry {
    return this.#span(key, this.#api.context.active(), (span) => {
      try {
        const entry = run();
        span.setAttributes(attributesOf(entry, "miss"));
        return entry;
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** Stores the active context for an asynchronous load, which runs later. */
  planned(flight: object): void {
    this.#contexts.set(flight, this.#api.context.active());
  }

  /** Runs a planned load in a span that lasts until {@linkcode end}. */
  start(flight: { readonly key: string }, run: () => void): void {
    const context = this.#contexts.get(flight);
    if (!context) return run(); // It is a reload.
    this.#span(flight.key, context, (span) => {
      this.#spans.set(flight, span);
      run();
    });
  }

  #span<T>(key: string, context: Context, run: (span: Span) => T): T {
    const attributes = { "holdfast.key": key, "holdfast.cache": "miss" };
    return this.#tracer.startActiveSpan("holdfast.load", { attributes }, context, run);
  }

  landed(flight: object, entry: Entry): void {
    this.#spans.get(flight)?.setAttributes(attributesOf(entry, "miss"));
  }

  failed(flight: object, error: unknown): void {
    const span = this.#spans.get(flight);
    if (span) fail(span, error);
  }

  end(flight: object): void {
    this.#spans.get(flight)?.end();
  }
}

/** The key of the active span in a context of the API. */
const SPAN = /* @__PURE__ */ Symbol.for("OpenTelemetry Context Key SPAN");

function attributesOf(entry: Entry, cache: "hit" | "miss"): Attributes {
  const { key, typeName, bytes, loaderName } = entry;
  return {
    "holdfast.key": key,
    "holdfast.cache": cache,
    "holdfast.type": typeName,
    "holdfast.bytes": bytes,
    ...(loaderName !== undefined && { "holdfast.loader": loaderName }),
  };
}

/**
 * Records why a load failed. A load that was withdrawn has not failed. Never throws, although some
 * errors can't be recorded.
 */
function fail(span: Span, error: unknown): void {
  if (isAborted(error)) return span.setAttributes({ "holdfast.withdrawn": "true" });
  try {
    span.recordException(error);
  } catch {
    // The message is recorded below, as the status.
  }
  span.setStatus({ code: STATUS_ERROR, message: messageOf(error) });
}

let telemetry: Telemetry | undefined;

/** Returns the telemetry of this program, if OpenTelemetry is switched on. */
export function findTelemetry(): Telemetry | undefined {
  const api = (globalThis as { [key: symbol]: unknown })[Symbol.for("opentelemetry.js.api.1")];
  if (api === undefined) return undefined;
  return telemetry ??= new Telemetry(api as Api);
}
