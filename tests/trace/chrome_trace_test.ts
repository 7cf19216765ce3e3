import { assert, assertEquals } from "@std/assert";
import { startTrace } from "../../src/trace.ts";
import { FakeTime, hostileGame, largeGame, SITE, smallGame, Thing, things } from "./_recordings.ts";
import { linesOf, parseTrace } from "./_trace_format.ts";

const small = parseTrace(JSON.stringify(smallGame()));

Deno.test("chromeTrace() draws lives as spans, with live and idle spans within", () => {
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

Deno.test("chromeTrace() says of each life how it began and ended", () => {
  const ends = [...linesOf(small, "b"), ...linesOf(small, "e")].filter((line) => /hero/.test(line));
  assertEquals(ends, [
    '0 chars/hero.png {"type":"Thing","bytes":4000,"loadedBefore":true}',
    '1650 chars/hero.png {"end":"still resident"}',
  ]);
});

Deno.test("chromeTrace() counts the references and bytes of each resource, and of all", () => {
  const counters = linesOf(small, "C");
  const of = (what: RegExp) => counters.filter((line) => what.test(line));
  assertEquals(of(/tree.*references/), [
    '200 forest/tree.png {"references":1}',
    '300 forest/tree.png {"references":2}',
    '400 forest/tree.png {"references":3}',
    '500 forest/tree.png {"references":4}',
    '800 forest/tree.png {"references":5}',
    '800 forest/tree.png {"references":4}',
    '900 forest/tree.png {"references":3}',
    '900 forest/tree.png {"references":2}',
    '900 forest/tree.png {"references":1}',
    '900 forest/tree.png {"references":0}',
    '1200 forest/tree.png {"references":0}',
  ]);
  assertEquals(of(/hero.*bytes/), [
    '0 chars/hero.png {"bytes":4000}',
    '700 chars/hero.png {"bytes":5000}',
  ]);
  assertEquals(of(/resident bytes/), [
    '0 resident bytes {"live":4000,"idle":0}',
    '100 resident bytes {"live":6000,"idle":0}',
    '200 resident bytes {"live":7000,"idle":0}',
    '300 resident bytes {"live":7000,"idle":0}',
    '400 resident bytes {"live":7000,"idle":0}',
    '500 resident bytes {"live":7000,"idle":0}',
    '700 resident bytes {"live":8000,"idle":0}',
    '800 resident bytes {"live":8000,"idle":0}',
    '900 resident bytes {"live":5000,"idle":3000}',
    '1200 resident bytes {"live":6000,"idle":2000}',
    '1250 resident bytes {"live":7000,"idle":0}',
    '1300 resident bytes {"live":8000,"idle":0}',
    '1350 resident bytes {"live":9000,"idle":0}',
    '1400 resident bytes {"live":9000,"idle":0}',
  ]);
  assertEquals(of(/budget/), ['0 budget {"bytes":8000}', '1650 budget {"bytes":8000}']);
  assertEquals(of(/ all /).at(-1), '1400 all {"references":6}');
  assertEquals(of(/resident resources/).at(-1), '1400 resident resources {"live":5,"idle":0}');
});

Deno.test("chromeTrace() marks evictions, reloads, leaks with their site, and an exceeded budget", () => {
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
  assertEquals(leak!.args, { key: "forest/tree.png", type: "Thing", label: "forest", stack: SITE });
  const [reload] = traceEvents.filter(({ cat }) => cat === "reloads");
  assertEquals(reload!.args, { key: "chars/hero.png", version: 2, bytes: 5000 });
});

Deno.test("chromeTrace() draws how long a load took, also where it began in another life", () => {
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

Deno.test("chromeTrace() draws no idle span where nothing stays idle", () => {
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

Deno.test("chromeTrace() holds the rules for names that try to be more, and for 200 000 events", () => {
  const hostile = parseTrace(JSON.stringify(hostileGame()));
  assert(hostile.traceEvents.some(({ name, ph }) => name === "__proto__" && ph === "b"));
  const large = largeGame(2_000, 200_000);
  const { traceEvents, otherData } = parseTrace(JSON.stringify(large));
  assertEquals(otherData.events, large.events);
  const references = traceEvents.filter(({ pid, ph }) => pid === 2 && ph === "C");
  assert(references.length > 190_000, `${references.length}`);
});
