import { assertEquals } from "@std/assert";
import { lineOf } from "../../../src/contract/call_site.ts";
import { ABSENT, type Totals } from "../../../src/trace/page/row.ts";
import { startTrace } from "../../../src/trace.ts";
import {
  FakeTime,
  hostileGame,
  largeGame,
  leak,
  modelOf,
  OPEN,
  pacedGame,
  SITE,
  smallGame,
  Thing,
  things,
} from "../_recordings.ts";

const small = modelOf(smallGame());
const ms = 1000;

Deno.test("Model makes a row of each resource, in the order of their first loads", () => {
  assertEquals(small.rows.map(({ key, peak, bytes }) => `${key} ×${peak} ${bytes}`), [
    "chars/hero.png ×2 5000",
    "forest/map.json ×1 2000",
    "forest/tree.png ×5 1000",
    "caves/bat.png ×1 1000",
    "caves/rock.png ×1 1000",
    "caves/torch.png ×1 1000",
    "caves/troll.png ×1 1000",
  ]);
});

Deno.test("Row.countAt() returns the count at any time, or ABSENT", () => {
  const [, , tree] = small.rows;
  const counts = [0, 199, 200, 350, 799, 800, 901, 1199, 1200, 1649].map((time) =>
    tree!.countAt(time * ms)
  );
  assertEquals(counts, [ABSENT, ABSENT, 1, 2, 4, 4, 0, 0, ABSENT, ABSENT]);
});

Deno.test("Model keeps each stay in memory, with its end and its sizes", () => {
  const [hero, map, tree] = small.rows;
  const { loading, ...stay } = tree!.stays[0]!;
  assertEquals(stay, { from: 200 * ms, to: 1200 * ms, peak: 5, reason: "evicted" });
  assertEquals([loading, hero!.stays[0]!.loading], [0, undefined]);
  assertEquals([hero!.stays[0]!.to, hero!.stays[0]!.reason], [Infinity, undefined]);
  assertEquals(tree!.agesAt(1650 * ms), { live: 700 * ms, resident: 1000 * ms });
  assertEquals(hero!.agesAt(1650 * ms), { live: 1650 * ms, resident: 1650 * ms });
  const bytes = [99, 100, 1249, 1250].map((time) => map!.bytesAt(time * ms));
  assertEquals(bytes, [0, 2000, 2000, 0]);
  assertEquals([hero!.bytesAt(699 * ms), hero!.bytesAt(700 * ms)], [4000, 5000]);
  assertEquals([map!.stayAt(99 * ms), map!.stayAt(500 * ms)], [undefined, map!.stays[0]]);
});

Deno.test("Model marks evictions, reloads and leaks in their rows, and lists all of them", () => {
  const marks = small.rows.flatMap(({ key, evictions, reloads }) => [
    ...reloads.map((time) => `${time / ms} reload ${key}`),
    ...evictions.map((time) => `${time / ms} evict ${key}`),
  ]);
  const [hero, map, tree] = ["chars/hero.png", "forest/map.json", "forest/tree.png"];
  assertEquals(marks, [`700 reload ${hero}`, `1250 evict ${map}`, `1200 evict ${tree}`]);
  assertEquals(small.evictions, [1200 * ms, 1250 * ms]);
  assertEquals(small.reloads, [700 * ms]);
  assertEquals([small.overbudget, small.peak], [[1350 * ms], 5]);
});

Deno.test("Model has the opening, the report and the call site of a leak", () => {
  const [, , tree] = small.rows;
  assertEquals(small.leaks, tree!.leaks);
  const openedAt = (800 - OPEN) * ms;
  assertEquals(small.leaks, [{
    row: tree!,
    data: { type: "Thing", label: "forest", bytes: 1000, stack: 0, openedAt },
    opened: openedAt,
    reported: 800 * ms,
    stack: SITE,
    site: "spawn · enemies.ts:42",
    line: lineOf(SITE),
  }]);
  assertEquals(tree!.leaking, [{ from: openedAt, to: 800 * ms }]);
});

Deno.test("Model uses the report of a leak as its opening if that is not known", () => {
  using time = new FakeTime();
  using mgr = things(() => 10);
  using _thing = mgr.load("a.png", Thing);
  using trace = startTrace(mgr);
  time.wait(5);
  leak(mgr, "a.png", "scene");
  const { leaks: [only] } = modelOf(trace);
  assertEquals([only!.opened, only!.reported, only!.site], [5 * ms, 5 * ms, ""]);
});

Deno.test("Model joins the times at which leaked handles were open, and sorts leaks by opening", () => {
  using time = new FakeTime();
  using mgr = things(() => 10);
  using _thing = mgr.load("a.png", Thing);
  using trace = startTrace(mgr);
  time.wait(1000);
  leak(mgr, "a.png", "", SITE); // opened at 850
  time.wait(100);
  leak(mgr, "a.png", "", SITE); // opened at 950
  time.wait(100);
  leak(mgr, "a.png", ""); // opened at 1200
  time.wait(100);
  leak(mgr, "a.png", "", SITE); // opened at 1150
  const { rows: [row], openings } = modelOf(trace);
  const spans = row!.leaking.map(({ from, to }) => [from / ms, to / ms]);
  assertEquals(spans, [[850, 1100], [1150, 1300]]);
  assertEquals(openings.map(({ opened }) => opened / ms), [850, 950, 1150, 1200]);
  assertEquals(row!.openings, openings);
});

Deno.test("Model adds up live and idle bytes, in total and for each directory", () => {
  const sums = (totals: Totals) =>
    [50, 850, 950, 1220, 1380].map((time) => {
      const live = totals.live.valueAt(time * ms) ?? 0;
      return [live, (totals.resident.valueAt(time * ms) ?? 0) - live];
    });
  assertEquals(sums(small.totals), [[4000, 0], [8000, 0], [5000, 3000], [6000, 2000], [9000, 0]]);
  const forest = small.directories.get("forest/")!;
  assertEquals(sums(forest.totals), [[0, 0], [3000, 0], [0, 3000], [0, 2000], [0, 0]]);
  assertEquals(forest.rows.map(({ key }) => key), ["forest/map.json", "forest/tree.png"]);
  assertEquals([small.peakBytes, small.totals.live.values.at(-1)], [9000, 9000]);
});

Deno.test("Model separates the times of making room from the times over budget", () => {
  assertEquals(small.excesses, [
    { from: 1200 * ms, to: 1200 * ms, why: "making room" },
    { from: 1250 * ms, to: 1250 * ms, why: "making room" },
    { from: 1350 * ms, to: Infinity, why: "over budget" },
  ]);
  assertEquals(modelOf(largeGame(100, 1000)).excesses, []);
});

Deno.test("Model knows that the budget was exceeded when the trace began", () => {
  using time = new FakeTime();
  using mgr = things(() => 5, { maxBytes: 8 });
  using _a = mgr.load("a.png", Thing);
  using trace = (() => {
    using _b = mgr.load("b.png", Thing);
    const trace = startTrace(mgr);
    time.wait(3);
    return trace;
  })();
  time.wait(3);
  assertEquals(modelOf(trace).excesses.map(({ from, to, why }) => [from, to, why]), [
    [0, 3 * ms, "over budget"],
    [3 * ms, 3 * ms, "making room"],
  ]);
});

Deno.test("Model puts several stays of one key into one row", () => {
  using time = new FakeTime();
  using mgr = things(() => 10);
  using trace = startTrace(mgr);
  for (let i = 0; i < 3; i++) {
    using _thing = mgr.load("a.png", Thing);
    time.wait(5);
  }
  const { rows: [row] } = modelOf(trace);
  assertEquals(row!.stays.map(({ from, to, reason }) => [from / ms, to / ms, reason]), [
    [0, 5, "released"],
    [5, 10, "released"],
    [10, 15, "released"],
  ]);
  assertEquals(row!.agesAt(15 * ms).live, 15 * ms);
  assertEquals(row!.counts.values, [1, ABSENT, 1, ABSENT, 1, ABSENT]);
});

Deno.test("Model has a row for a leak even if all other events of its key are forgotten", () => {
  using _time = new FakeTime();
  const mgr = things(() => 10);
  using _handle = mgr.load("gone.png", Thing);
  using trace = startTrace(mgr, { maxEvents: 1 });
  mgr[Symbol.dispose]();
  const { rows: [row], data, totals } = modelOf(trace);
  assertEquals([row!.key, row!.type, row!.stays], ["gone.png", "Thing", []]);
  assertEquals([row!.leaks.length, data.forgotten, totals.memory.times], [1, 1, []]);
});

Deno.test("Model treats every name as text, and shows invisible characters", () => {
  const { rows } = modelOf(hostileGame());
  assertEquals(rows.map(({ key, leaks }) => [key, leaks.length]), [
    ["__proto__", 1],
    ["</script><script>document.title='broken'</script>", 1],
    ["<img src=x onerror=document.title='broken'>", 1],
    ["constructor/toString", 1],
    ["\\u2028\\u202e\"'&<!--", 1],
  ]);
});

Deno.test("Model knows what waits for a pump at any time, and its bytes", () => {
  const { waiting, totals, peakBytes, peakMemory } = modelOf(pacedGame());
  const numbers = waiting.work.map((
    { loads, unloads, bytes },
    i,
  ) => [waiting.times[i]! / ms, loads, unloads, bytes]);
  assertEquals(numbers, [
    [0, 0, 1, 1000],
    [100, 0, 2, 2000],
    [200, 0, 3, 3000],
    [300, 0, 2, 2000],
    [400, 0, 1, 1000],
    [500, 0, 0, 0],
  ]);
  assertEquals(totals.memory.valueAt(200 * ms), 3000);
  assertEquals([peakBytes, peakMemory], [0, 3000]); // none of them stays in memory for a microsecond
  const forgetful = modelOf(pacedGame({ maxEvents: 2 })).waiting;
  assertEquals(forgetful.work.map(({ unloads }) => unloads), [1, 0]);
  assertEquals([small.waiting, small.peakMemory], [{ times: [], work: [] }, small.peakBytes]);
});
