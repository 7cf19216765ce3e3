import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Handle,
  MemorySource,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
} from "../mod.ts";
import { startTrace, type Trace } from "../src/trace.ts";
import { smallGame, Thing, things } from "./trace/_recordings.ts";
import { lastCounts, parseTrace } from "./trace/_trace_format.ts";

function manager(options = {}): ResourceManager {
  return new ResourceManager({
    source: new MemorySource({ "a.txt": "a", "b.txt": "bb" }),
    leaks: { onLeak() {} },
    ...options,
  });
}

/** The resources that are resident according to a trace, in the form of {@linkcode residents}. */
function traced(trace: Trace): Record<string, [number, number]> {
  return lastCounts(parseTrace(JSON.stringify(trace)));
}

function residents(mgr: ResourceManager): Record<string, [number, number]> {
  const found: Record<string, [number, number]> = Object.create(null);
  for (const [key, { refCount, bytes }] of Object.entries(mgr.cacheStats().resources)) {
    found[key] = [refCount, bytes];
  }
  return found;
}

Deno.test("startTrace() counts an event for each load, change of a count, and unload", () => {
  using mgr = manager();
  using trace = startTrace(mgr);
  mgr.load("a.txt", Text)[Symbol.dispose]();
  assertEquals([trace.events, trace.forgotten, trace.disposed], [3, 0, false]);
});

Deno.test("startTrace() records what was resident before, and the disposal of its handles", () => {
  using mgr = manager();
  using hero = mgr.load("a.txt", Text);
  const other = mgr.load("a.txt", Text);
  using trace = startTrace(mgr);
  assertEquals(traced(trace), residents(mgr));
  other[Symbol.dispose]();
  assertEquals([trace.events, traced(trace)["a.txt"]], [1, [1, 1]]);
  void hero;
});

Deno.test("startTrace() records with(), and the counts of a strict manager", () => {
  using mgr = manager({ idle: "keep", leaks: { strict: true, onLeak() {} } });
  using _a = mgr.load("a.txt", Text);
  using trace = startTrace(mgr);
  assertEquals(mgr.with("a.txt", Text, () => traced(trace)["a.txt"]), [2, 1]);
  {
    using _again = mgr.load("a.txt", Text);
    using _b = mgr.load("b.txt", Text);
    assertEquals(traced(trace), residents(mgr));
  }
  assertEquals([trace.events, traced(trace)], [6, residents(mgr)]);
});

Deno.test("Trace records nothing after it was disposed, and can still be read", () => {
  using mgr = manager();
  const trace = startTrace(mgr);
  using a = mgr.load("a.txt", Text);
  trace[Symbol.dispose]();
  trace[Symbol.dispose]();
  using _b = mgr.load("b.txt", Text);
  a.clone()[Symbol.dispose]();
  assertEquals([trace.disposed, trace.events, Object.keys(traced(trace))], [true, 1, ["a.txt"]]);
  assertStringIncludes(trace.toHTML(), "<title>");
});

Deno.test("Trace forgets the oldest events beyond maxEvents, reports how many, and is right about the rest", () => {
  using mgr = manager({ idle: "keep" });
  using trace = startTrace(mgr, { maxEvents: 10 });
  using _a = mgr.load("a.txt", Text);
  for (let i = 0; i < 100; i++) mgr.load("b.txt", Text)[Symbol.dispose]();
  mgr.acquire("a.txt");
  assertEquals([trace.events, trace.forgotten], [10, 192]);
  assertEquals(traced(trace), residents(mgr));
  const { otherData } = trace.toJSON();
  assertEquals([otherData.events, otherData.forgottenEvents], [10, 192]);
  assertStringIncludes(trace.toHTML(), '"forgotten":192');
});

Deno.test("several traces of one manager record the same events, each while it runs", () => {
  using mgr = manager({ idle: "keep" });
  using first = startTrace(mgr);
  mgr.load("a.txt", Text)[Symbol.dispose]();
  const second = startTrace(mgr);
  mgr.load("a.txt", Text)[Symbol.dispose]();
  second[Symbol.dispose]();
  mgr.load("a.txt", Text)[Symbol.dispose]();
  assertEquals([first.events, second.events], [6, 2]);
  assertEquals(traced(first), residents(mgr));
});

Deno.test("a trace records the disposal of its manager, and the leaks that this reports", () => {
  const mgr = manager();
  const handle = mgr.load("a.txt", Text);
  using trace = startTrace(mgr);
  mgr[Symbol.dispose]();
  handle[Symbol.dispose]();
  const marks = trace.toJSON().traceEvents.filter(({ ph }) => ph === "i");
  assertEquals(marks.map(({ name }) => name), ["leaked a.txt"]);
  assertEquals(traced(trace), Object.create(null));
});

Deno.test("startTrace() of a disposed manager returns an empty trace", () => {
  const mgr = manager();
  mgr[Symbol.dispose]();
  using trace = startTrace(mgr);
  assertEquals([trace.events, trace.disposed, traced(trace)], [0, false, Object.create(null)]);
});

Deno.test("traces can be started and disposed in callbacks of the manager", () => {
  using mgr = manager({ idle: "keep" });
  const traces: Trace[] = [];
  const start = () => traces.push(startTrace(mgr));
  mgr.on("load", start);
  mgr.on("unload", start);
  mgr.on("reload", () => traces[0]![Symbol.dispose]());
  using _a = mgr.load("a.txt", Text);
  mgr.load("b.txt", Text)[Symbol.dispose]();
  mgr.reload("a.txt");
  mgr.unloadUnused();
  using _clone = mgr.load("a.txt", Text);
  assertEquals(traces.map(({ disposed }) => disposed), [true, false, false]);
  for (const trace of traces.slice(1)) assertEquals(traced(trace), residents(mgr));
  for (const trace of traces) trace[Symbol.dispose]();
});

Deno.test("a trace that a loader starts has its resource, but not how long that took to load", () => {
  using mgr = manager();
  const traces: Trace[] = [];
  using _warnings = mgr.on("warning", () => {}); // text has a loader already
  mgr.registerLoader({
    name: "tracing",
    extensions: [".txt"],
    load: (bytes) => {
      traces.push(startTrace(mgr));
      return `${bytes.length}`;
    },
  });
  using _a = mgr.load("a.txt", Text);
  using trace = traces[0]!;
  assertEquals(traced(trace), residents(mgr));
  const loads = trace.toJSON().traceEvents.filter(({ cat }) => cat === "load");
  assertEquals(loads.map(({ ph, ts }) => `${ph} ${ts}`), [
    `b ${loads[0]!.ts}`,
    `e ${loads[0]!.ts}`,
  ]);
});

Deno.test("JSON.stringify() works for a trace with the default number of events", () => {
  const files = Array.from({ length: 200 }, (_, i) => [`forest/tree-${i}.txt`, "x".repeat(i)]);
  using mgr = manager({ source: new MemorySource(Object.fromEntries(files)), maxBytes: 100_000 });
  const trace = startTrace(mgr);
  for (let i = 0; trace.forgotten === 0; i++) {
    mgr.load(`forest/tree-${i * 7 % 200}.txt`, Text)[Symbol.dispose]();
  }
  trace[Symbol.dispose]();
  const { otherData } = JSON.parse(JSON.stringify(trace));
  assertEquals(otherData.events, 1_000_000);
});

Deno.test("startTrace() refuses a maxEvents that is not a positive whole number", () => {
  using mgr = manager();
  for (const maxEvents of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(
      () => startTrace(mgr, { maxEvents }),
      RangeError,
      `Cannot start a trace: "maxEvents" must be a positive whole number: received ${maxEvents}`,
    );
  }
});

Deno.test("console.log() of a trace shows its title and counts", () => {
  const trace = smallGame({ title: "level 1" });
  assertEquals(
    Deno.inspect(trace, { breakLength: Infinity, colors: false }),
    'Trace { title: "level 1", events: 22, forgotten: 0, disposed: true }',
  );
});

/** One of a few things to do to a manager of four resources. */
type Step = readonly [what: number, which: number];

function act(mgr: ResourceManager, open: Handle<Thing>[], [what, which]: Step): void {
  const name = `${which % 4}.png`;
  const handle = open[which % Math.max(1, open.length)];
  if (what === 0) open.push(mgr.load(name, Thing));
  else if (what === 1) handle?.[Symbol.dispose]();
  else if (what === 2 && mgr.has(name)) mgr.acquire(name);
  else if (what === 3) mgr.unload(name, { force: true });
  else if (what === 4 && mgr.has(name)) mgr.reload(name);
  else if (what === 5) mgr.unloadUnused();
  else mgr.load(name, Thing)[Symbol.dispose]();
}

Deno.test("a trace and its manager agree what is resident after random operations", () => {
  const steps = fc.array(fc.tuple(fc.nat(7), fc.nat(40)), { maxLength: 60 });
  const policy = fc.constantFrom<ResourceManagerOptions>(
    { maxBytes: 25 },
    { idle: "keep" },
    { idle: "unload" },
  );
  fc.assert(
    fc.property(steps, policy, fc.integer({ min: 1, max: 80 }), (list, options, maxEvents) => {
      using mgr = things((key) => 10 + Number(key[0]), options);
      const open: Handle<Thing>[] = [];
      for (const step of list.slice(0, 20)) act(mgr, open, step);
      using trace = startTrace(mgr, { maxEvents });
      for (const step of list.slice(20)) act(mgr, open, step);
      assertEquals(traced(trace), residents(mgr));
      trace[Symbol.dispose]();
      const before = trace.events;
      for (const step of list) act(mgr, open, step);
      assertEquals(trace.events, before);
    }),
    { numRuns: 400 },
  );
});
