/** Loads in every way that telemetry distinguishes. A test runs it, and collects what it exports. */
import { MemorySource, ResourceManager, Text } from "../mod.ts";

interface Tracer {
  startActiveSpan(name: string, run: (span: { end(): void }) => Promise<void>): Promise<void>;
}
const api = (globalThis as { [key: symbol]: unknown })[Symbol.for("opentelemetry.js.api.1")] as {
  trace: { getTracer(name: string): Tracer };
};

const source = new MemorySource({ "a.txt": "A", "b.pair": "a.txt", "c.txt": "CCC" });
const mgr = new ResourceManager({
  source: { read: (key) => source.read(key), readAsync: (key) => source.readAsync(key) },
  idle: { maxEntries: 1 },
  loaders: [{
    name: "pair",
    extensions: [".pair"],
    variants: true,
    load: (_, context) => context.load("a.txt", Text),
  }],
  leaks: { onLeak() {} },
});
mgr.on("error", () => {});
const Any = { name: "Pair", [Symbol.hasInstance]: (_: unknown): _ is unknown => true };

mgr.load("b.pair?2x/y", Any)[Symbol.dispose]();
mgr.load("c.txt", Text)[Symbol.dispose]();
const open = mgr.load("c.txt", Text);
await api.trace.getTracer("game").startActiveSpan("frame", async (span) => {
  using _hit = mgr.load("c.txt", Text);
  using _other = await mgr.loadAsync("c.txt", Text);
  span.end();
});
try {
  mgr.load("missing.txt", Text);
} catch {
  mgr.loadAsync("b.pair?2x/y", Any)[Symbol.dispose]();
}
await mgr.loadAsync("gone.txt", Text).catch(() => {});
const paced = Deno.args[1] === "paced"
  ? new ResourceManager({ source: new MemorySource({ "d.txt": "D" }), pacing: "pumped" })
  : undefined;
if (paced !== undefined) { // One load and two unloads wait for a pump that never runs.
  for (const byteLength of [10, 20]) {
    paced.add("e", {}, { byteLength, unload() {} })[Symbol.dispose]();
  }
  paced.loadAsync("d.txt").catch(() => {});
  while (paced.cacheStats().queued?.loads !== 1) await Promise.resolve();
}
// The exporter reads metrics from time to time; the program runs until the collector answers.
await fetch(Deno.args[0]!);
open[Symbol.dispose](); // so late that the garbage collector does not find it
mgr[Symbol.dispose]();
paced?.[Symbol.dispose]();
