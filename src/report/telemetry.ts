/**
 * Spans and metrics for OpenTelemetry, where the runtime has it switched on: `OTEL_DENO=true` puts
 * an implementation behind a well-known symbol. Elsewhere nothing of this is made.
 */

/** As much of the OpenTelemetry API as is used here. */
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

/** The numbers of a manager. */
export interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly leakCount: number;
  readonly bytes: number;
}

/** What is loaded, for its span. */
export interface Loaded {
  readonly key: string;
  readonly typeName: string;
  readonly bytes: number;
  readonly loaderName: string | undefined;
}

const NAME = "@holdfast/resources";
const ERROR = 2;
const COUNTERS = {
  hits: "Loads that found their resource resident",
  misses: "Loads that had to read",
  evictions: "Idle resources that were unloaded for space",
  leakCount: "Handles that leaked",
} as const;

type Counter = keyof typeof COUNTERS;

/** Adds up what all managers count. Holds none of them: one that is dropped leaves what it had told. */
class Meters {
  readonly #totals: Record<Counter, number> = { hits: 0, misses: 0, evictions: 0, leakCount: 0 };
  readonly #managers = new Set<{ counts: WeakRef<Counts>; told: Record<Counter, number> }>();

  constructor(meter: Meter) {
    for (const [name, description] of Object.entries(COUNTERS)) {
      const metric = name === "leakCount" ? "leaks" : name;
      meter.createObservableCounter(`holdfast.${metric}`, { description }).addCallback((result) => {
        this.#collect();
        result.observe(this.#totals[name as Counter]);
      });
    }
    const description = "Bytes of live and idle resources";
    meter.createObservableGauge("holdfast.bytes", { description, unit: "By" })
      .addCallback((result) => result.observe(this.#collect()));
  }

  add(counts: Counts): void {
    const told = { hits: 0, misses: 0, evictions: 0, leakCount: 0 };
    this.#managers.add({ counts: new WeakRef(counts), told });
  }

  /** Takes over what was counted since the last time. Returns how many bytes are resident. */
  #collect(): number {
    let bytes = 0;
    for (const manager of this.#managers) {
      const counts = manager.counts.deref();
      if (counts === undefined) {
        this.#managers.delete(manager);
        continue;
      }
      bytes += counts.bytes;
      for (const name of Object.keys(COUNTERS) as Counter[]) {
        this.#totals[name] += counts[name] - manager.told[name];
        manager.told[name] = counts[name];
      }
    }
    return bytes;
  }
}

/** Spans for what is loaded. */
export class Telemetry {
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #meters: Meters;
  readonly #spans = new WeakMap<object, Span>();

  constructor(api: Api) {
    this.#api = api;
    this.#tracer = api.trace.getTracer(NAME);
    this.#meters = new Meters(api.metrics.getMeter(NAME));
  }

  /** Counts what a manager does from now on. */
  count(counts: Counts): void {
    this.#meters.add(counts);
  }

  /** What was going on when somebody asked for a load that runs later. */
  get context(): Context {
    return this.#api.context.active();
  }

  /** A span of its own for a hit, if whoever loads is being traced: a frame may have thousands. */
  hit(loaded: Loaded): void {
    const span = this.context.getValue(SPAN) as Span | undefined;
    if (!span?.isRecording()) return;
    this.#tracer.startSpan("holdfast.load", { attributes: attributesOf(loaded, "hit") }).end();
  }

  /** Runs a load in a span, which the loads of its dependencies are below. */
  load<T extends Loaded>(key: string, run: () => T): T {
    return this.#tracer.startActiveSpan("holdfast.load", missOf(key), this.context, (span) => {
      try {
        const loaded = run();
        span.setAttributes(attributesOf(loaded, "miss"));
        return loaded;
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** Begins the span of a load that goes on until {@linkcode end}. */
  start(flight: { readonly key: string }, context: Context, run: () => void): void {
    this.#tracer.startActiveSpan("holdfast.load", missOf(flight.key), context, (span) => {
      this.#spans.set(flight, span);
      run();
    });
  }

  landed(flight: object, loaded: Loaded): void {
    this.#spans.get(flight)?.setAttributes(attributesOf(loaded, "miss"));
  }

  failed(flight: object, error: unknown): void {
    const span = this.#spans.get(flight);
    if (span !== undefined) fail(span, error);
  }

  end(flight: object): void {
    this.#spans.get(flight)?.end();
  }
}

/** How the API keeps the active span in a context. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

function missOf(key: string): { attributes: Attributes } {
  return { attributes: { "holdfast.key": key, "holdfast.cache": "miss" } };
}

function attributesOf(loaded: Loaded, cache: "hit" | "miss"): Attributes {
  const { key, typeName, bytes, loaderName } = loaded;
  return {
    "holdfast.key": key,
    "holdfast.cache": cache,
    "holdfast.type": typeName,
    "holdfast.bytes": bytes,
    ...(loaderName !== undefined && { "holdfast.loader": loaderName }),
  };
}

/** A load that nobody waits for any more has not failed. */
function fail(span: Span, error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") {
    return span.setAttributes({ "holdfast.withdrawn": "true" });
  }
  span.recordException(error);
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: ERROR, message });
}

let telemetry: Telemetry | undefined;

/** The telemetry of the runtime, if it has any. */
export function findTelemetry(): Telemetry | undefined {
  const api = (globalThis as { [key: symbol]: unknown })[Symbol.for("opentelemetry.js.api.1")];
  if (api === undefined) return undefined;
  return telemetry ??= new Telemetry(api as Api);
}
