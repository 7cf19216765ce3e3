/** What a collector receives: a program runs with OTEL_DENO=true and sends to a server that speaks OTLP. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { findTelemetry } from "../../src/report/telemetry.ts";

interface Attribute {
  readonly key: string;
  readonly value: { stringValue?: string; intValue?: string | number; doubleValue?: number };
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Attribute[];
  readonly status: { code?: number; message?: string };
}

interface Metric {
  readonly name: string;
  readonly sum?: { dataPoints: { asDouble?: number; asInt?: string | number }[] };
  readonly gauge?: { dataPoints: { asDouble?: number; asInt?: string | number }[] };
}

type Groups<Name extends string, Item> = { [name in Name]: Record<string, Item[]>[] }[];

/** Stores what the program sends, and answers its request to `/wait` when everything has arrived. */
class Collector {
  readonly spans: Span[] = [];
  readonly metrics = new Map<string, number>();
  readonly #last: string;
  readonly #complete = Promise.withResolvers<void>();

  /** Everything has arrived when the metric `last` has. */
  constructor(last: string) {
    this.#last = last;
  }

  readonly handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/wait") {
      await this.#complete.promise;
      return new Response();
    }
    const body = await request.json();
    for (const { scopeSpans } of body.resourceSpans ?? [] as Groups<"scopeSpans", Span>) {
      for (const { spans } of scopeSpans) this.spans.push(...spans);
    }
    for (const { scopeMetrics } of body.resourceMetrics ?? [] as Groups<"scopeMetrics", Metric>) {
      for (const { metrics } of scopeMetrics) {
        metrics.forEach((each: Metric) => this.#measure(each));
      }
    }
    if (this.metrics.has(this.#last)) this.#complete.resolve();
    return Response.json({});
  };

  /** Answers the request to `/wait` if the program has ended early. */
  end(): void {
    this.#complete.resolve();
  }

  #measure({ name, sum, gauge }: Metric): void {
    const [point] = (sum ?? gauge)?.dataPoints ?? [];
    if (point !== undefined) this.metrics.set(name, Number(point.asDouble ?? point.asInt));
  }
}

/** Runs the program, and collects what it sends. */
async function collect(last: string, ...args: string[]): Promise<Collector> {
  const collector = new Collector(last);
  await using server = Deno.serve({ port: 0, onListen() {} }, collector.handle);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-A",
      "--no-check",
      path("../_telemetry_program.ts"),
      `${url}/wait`,
      ...args,
    ],
    cwd: path("../.."),
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "50",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
  });
  const { success, stderr } = await command.output();
  collector.end();
  assert(success, new TextDecoder().decode(stderr));
  return collector;
}

function attribute(span: Span, name: string): string | undefined {
  const value = span.attributes.find(({ key }) => key === `holdfast.${name}`)?.value;
  return value === undefined ? undefined : String(Object.values(value)[0]);
}

Deno.test("telemetry has a span for each load, below that of its parent, and counts for all managers", async () => {
  const { spans, metrics } = await collect("holdfast.bytes");
  const loads = spans.filter(({ name }) => name === "holdfast.load");
  const describe = (span: Span) =>
    ["key", "cache", "loader", "bytes", "type", "withdrawn"]
      .map((name) => attribute(span, name) ?? "-").join(" ") +
    (span.status.code === 2 ? ` ${span.status.message}` : "");
  const missing = "the memory source has no such key";
  assertEquals(loads.map(describe).sort(), [
    "a.txt miss text 1 Text -",
    "b.pair?2x/y miss - - - true",
    "b.pair?2x/y miss pair 5 Pair -",
    "c.txt hit text 3 Text -",
    "c.txt hit text 3 Text -",
    "c.txt miss text 3 Text -",
    `gone.txt miss - - - - Cannot load "gone.txt": ${missing}`,
    `missing.txt miss - - - - Cannot load "missing.txt": ${missing}`,
  ]);
  const frame = spans.find(({ name }) => name === "frame")!;
  const pair = loads.find((span) => attribute(span, "loader") === "pair")!;
  const parents = loads.map(({ parentSpanId }) => parentSpanId);
  assertEquals(parents.filter((id) => id === frame.spanId).length, 2);
  assertEquals(parents.filter((id) => id === pair.spanId).length, 1);
  assertEquals(Object.fromEntries([...metrics].filter(([name]) => name.startsWith("holdfast."))), {
    "holdfast.hits": 3,
    "holdfast.misses": 6,
    "holdfast.evictions": 2,
    "holdfast.leaks": 0,
    "holdfast.bytes": 3,
  });
});

Deno.test("telemetry measures what waits for a pump, if a manager is paced", async () => {
  const { metrics } = await collect("holdfast.queued.bytes", "paced");
  const queued = ["loads", "unloads", "bytes"].map((name) =>
    metrics.get(`holdfast.queued.${name}`)
  );
  assertEquals(queued, [1, 2, 30]);
});

Deno.test("findTelemetry() returns undefined if OpenTelemetry is not switched on", () => {
  assertEquals(findTelemetry(), undefined);
});
