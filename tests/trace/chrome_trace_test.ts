import { assert, assertEquals } from "@std/assert";
import { cacheOf } from "../../src/cache/managers.ts";
import { startTrace, type TraceFile } from "../../src/trace.ts";
import {
  FakeTime,
  hostileGame,
  largeGame,
  OPEN,
  pacedGame,
  SITE,
  smallGame,
  Thing,
  things,
} from "./_recordings.ts";
import { linesOf, parseTrace } from "./_trace_format.ts";

const small = parseTrace(JSON.stringify(smallGame()));

Deno.test("traceEvents() draws stays in memory as spans, with live and idle spans inside", () => {
  const spans = small.traceEvents.filter(({ cat, id }) => cat === "resource" && id === "0x3");
  assertEquals(
    spans.map(({ ts, ph, name, args = {} }) => [ts / 1000, ph, name, args.reason ?? args.bytes]),
    [
      [200, "b", "forest/tree.png", 1000],
      [200, "b", "live", undefined],
      [900, "e", "live", undefined],
      [900, "b", "idle", undefined],
      [1200, "e", "idle", undefined],
      [1200, "e", "forest/tree.png", "evicted"],
    ],
  );
});

Deno.test("traceEvents() says how each stay in memory began and ended", () => {
  const ends = [...linesOf(small, "b"), ...linesOf(small, "e")].filter((line) => /hero/.test(line));
  assertEquals(ends, [
    '0 chars/hero.png {"type":"Thing","bytes":4000,"loadedBefore":true}',
    '1650 chars/hero.png {"end":"still resident"}',
  ]);
});

Deno.test("traceEvents() counts the references and bytes of each resource and in total", () => {
  const counters = linesOf(small, "C");
  const of = (what: RegExp) => counters.filter((line) => what.test(line));
  assertEquals(of(/tree.*references/), [
    '200 forest/tree.png {"references":1}',
    '300 forest/tree.png {"references":2}',
    '400 forest/tree.png {"references":3}',
    '500 forest/tree.png {"references":4}',
    '800 forest/tree.png {"references":5}',
    '800.001 forest/tree.png {"references":4}',
    '900 forest/tree.png {"references":0}',
  ]);
  assertEquals(of(/hero.*bytes/), [
    '0 chars/hero.png {"bytes":4000}',
    '700 chars/hero.png {"bytes":5000}',
  ]);
  assertEquals(of(/resident bytes/), [
    '0 resident bytes {"live":4000,"idle":0}',
    '100 resident bytes {"live":6000,"idle":0}',
    '200 resident bytes {"live":7000,"idle":0}',
    '700 resident bytes {"live":8000,"idle":0}',
    '900 resident bytes {"live":5000,"idle":3000}',
    '1200 resident bytes {"live":6000,"idle":2000}',
    '1250 resident bytes {"live":7000,"idle":0}',
    '1300 resident bytes {"live":8000,"idle":0}',
    '1350 resident bytes {"live":9000,"idle":0}',
  ]);
  assertEquals(of(/budget/), ['0 budget {"bytes":8000}']);
  assertEquals(of(/ all /).at(-1), '1400 all {"references":6}');
  assertEquals(of(/resident resources/).at(-1), '1350 resident resources {"live":5,"idle":0}');
});

Deno.test("traceEvents() marks evictions, reloads, leaks with their site, and an exceeded budget", () => {
  const { traceEvents } = small;
  const tracks = new Map(
    traceEvents.filter(({ name }) => name === "thread_name").map((
      { tid, args },
    ) => [tid, args!.name]),
  );
  const marks = traceEvents.filter(({ ph }) => ph === "i")
    .map(({ ts, tid, name }) => [ts / 1000, tracks.get(tid), name]);
  assertEquals(marks, [
    [700, "reloads", "reloaded chars/hero.png"],
    [800, "leaks", "leaked forest/tree.png"],
    [1200, "evictions", "evicted forest/tree.png"],
    [1250, "evictions", "evicted forest/map.json"],
    [1350, "budget", "over budget"],
  ]);
  const [leak] = traceEvents.filter(({ cat }) => cat === "leaks");
  assertEquals(leak!.args, {
    key: "forest/tree.png",
    type: "Thing",
    label: "forest",
    bytes: 1000,
    site: "spawn · enemies.ts:42",
    openedAt: leak!.ts - OPEN * 1000,
    stack: SITE,
  });
  const [reload] = traceEvents.filter(({ cat }) => cat === "reloads");
  assertEquals(reload!.args, { key: "chars/hero.png", version: 2, bytes: 5000 });
});

Deno.test("traceEvents() draws how long a load took", () => {
  using time = new FakeTime();
  using mgr = things(() => 1, { idle: "keep" });
  mgr.load("a.png", Thing)[Symbol.dispose]();
  using trace = startTrace(mgr);
  mgr.registerLoader({
    name: "slow",
    extensions: [".slow"],
    load: () => {
      time.wait(30);
      return new Thing("slow");
    },
  });
  time.wait(10);
  using _slow = mgr.load("b.slow", Thing);
  const file = parseTrace(JSON.stringify(trace));
  const loads = file.traceEvents.filter(({ cat }) => cat === "load");
  assertEquals(loads.map(({ ts, ph, name }) => [ts / 1000, ph, name]), [
    [10, "b", "load b.slow"],
    [40, "e", "load b.slow"],
  ]);
});

Deno.test("traceEvents() sorts loads that began thousands of events before they ended", () => {
  using time = new FakeTime();
  using mgr = things(() => 1, { idle: "keep" });
  using trace = startTrace(mgr);
  const { cache, began } = { cache: cacheOf(mgr), began: time.now };
  for (let i = 0; i < 9000; i++) {
    time.wait(0.05);
    mgr.load(`${i % 9}.png`, Thing)[Symbol.dispose]();
  }
  for (const [key, start] of [["whole.png", began], ["half.png", began + 200]] as const) {
    const content = { value: new Thing(key), bytes: 1, unloader: {}, context: undefined };
    cache.insert(key, content, Thing, start).release();
  }
  const file = parseTrace(JSON.stringify(trace));
  const loads = file.traceEvents.filter(({ cat, name }) =>
    cat === "load" && /whole|half/.test(name)
  );
  assertEquals(loads.map(({ ts, ph, name }) => [Math.round(ts / 1000), ph, name]), [
    [0, "b", "load whole.png"],
    [200, "b", "load half.png"],
    [450, "e", "load whole.png"],
    [450, "e", "load half.png"],
  ]);
});

Deno.test("traceEvents() draws a live or idle span only if it lasts a while", () => {
  using time = new FakeTime();
  using mgr = things(() => 1, { idle: "keep" });
  const a = mgr.load("a.png", Thing);
  a[Symbol.dispose]();
  using trace = startTrace(mgr);
  for (const ms of [0.02, 0.3]) {
    time.wait(1);
    const again = mgr.load("a.png", Thing);
    time.wait(ms);
    again[Symbol.dispose]();
  }
  time.wait(1);
  const { traceEvents } = parseTrace(JSON.stringify(trace));
  const spans = traceEvents.filter(({ cat, name }) => cat === "resource" && name !== "a.png");
  assertEquals(spans.map(({ ts, ph, name }) => `${ts} ${ph} ${name}`), [
    "0 b idle",
    "2020 e idle",
    "2020 b live",
    "2320 e live",
    "2320 b idle",
    "3320 e idle",
  ]);
  const counts = traceEvents.filter(({ pid, ph }) => pid === 2 && ph === "C");
  assertEquals(counts.map(({ ts, args }) => `${ts} ${args!.references}`), [
    "0 0",
    "1000 1",
    "1020 0",
    "2020 1",
    "2320 0",
  ]);
});

/** The spans and marks of the budget, as lines. */
function budgetOf({ traceEvents }: TraceFile): string[] {
  return traceEvents.filter(({ cat }) => cat === "budget")
    .map(({ ts, ph, name, args }) =>
      `${ts / 1000} ${ph} ${name}${args ? JSON.stringify(args) : ""}`
    );
}

Deno.test("traceEvents() draws when room was made, and when live resources exceeded the budget", () => {
  using time = new FakeTime();
  using mgr = things((key) => Number(key[0]), { maxBytes: 8 });
  mgr.on("load", () => time.wait(2)); // Room is made after the listeners have run.
  using trace = startTrace(mgr);
  mgr.load("5.png", Thing)[Symbol.dispose]();
  using _held = mgr.load("4.png", Thing);
  time.wait(2);
  {
    using _more = mgr.load("6.png", Thing);
    time.wait(2);
  }
  time.wait(2);
  assertEquals(budgetOf(parseTrace(JSON.stringify(trace))), [
    "2 b making room",
    "4 e making room",
    '6 b over budget{"liveBytes":10,"maxBytes":8}',
    '8 i over budget{"bytes":10,"liveBytes":10,"maxBytes":8}',
    "10 e over budget",
    "10 b making room",
    "10 e making room",
  ]);
});

Deno.test("traceEvents() draws a budget that was exceeded before the trace began, until its end", () => {
  using time = new FakeTime();
  using mgr = things(() => 5, { maxBytes: 8 });
  using _a = mgr.load("a.png", Thing);
  using _b = mgr.load("b.png", Thing);
  using trace = startTrace(mgr);
  time.wait(3);
  const file = parseTrace(JSON.stringify(trace));
  assertEquals(budgetOf(file), [
    '0 b over budget{"liveBytes":10,"maxBytes":8}',
    "3 e over budget",
  ]);
});

Deno.test("traceEvents() draws no idle span if nothing stays idle", () => {
  using time = new FakeTime();
  using mgr = things(() => 1);
  using trace = startTrace(mgr);
  using held = mgr.load("a.png", Thing);
  time.wait(1);
  held[Symbol.dispose]();
  time.wait(1);
  const file = parseTrace(JSON.stringify(trace));
  const spans = file.traceEvents.filter(({ cat }) => cat === "resource").map(({ name }) => name);
  assertEquals(spans, ["a.png", "live", "live", "a.png"]);
});

Deno.test("traceEvents() follows the rules for names that look like code, and for 200 000 events", () => {
  const hostile = parseTrace(JSON.stringify(hostileGame()));
  assert(hostile.traceEvents.some(({ name, ph }) => name === "__proto__" && ph === "b"));
  const large = largeGame(2_000, 200_000);
  const { traceEvents, otherData } = parseTrace(JSON.stringify(large));
  assertEquals(otherData.events, large.events);
  const references = traceEvents.filter(({ pid, ph }) => pid === 2 && ph === "C");
  assert(references.length > 150_000, `${references.length}`);
});

Deno.test("traceEvents() counts what waits for a pump, only if the manager is pumped", () => {
  const lines = linesOf(parseTrace(JSON.stringify(pacedGame())), "C");
  assertEquals(lines.filter((line) => /waiting for a pump/.test(line)), [
    '0 waiting for a pump {"loads":0,"unloads":1}',
    '100 waiting for a pump {"loads":0,"unloads":2}',
    '200 waiting for a pump {"loads":0,"unloads":3}',
    '300 waiting for a pump {"loads":0,"unloads":2}',
    '400 waiting for a pump {"loads":0,"unloads":1}',
    '500 waiting for a pump {"loads":0,"unloads":0}',
  ]);
  assertEquals(lines.filter((line) => /to be freed/.test(line)).slice(1, 4), [
    '100 bytes to be freed by a pump {"bytes":2000}',
    '200 bytes to be freed by a pump {"bytes":3000}',
    '300 bytes to be freed by a pump {"bytes":2000}',
  ]);
  assertEquals(linesOf(small, "C").filter((line) => /pump/.test(line)), []);
});
