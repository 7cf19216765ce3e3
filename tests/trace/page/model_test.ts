import { assertEquals } from "@std/assert";
import { ABSENT } from "../../../src/trace/page/model.ts";
import { startTrace } from "../../../src/trace.ts";
import {
  FakeTime,
  hostileGame,
  largeGame,
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

Deno.test("decode() makes a row of each resource, in the order of their first loads", () => {
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

Deno.test("Row.countAt() knows the count at any time, and when there was none", () => {
  const [, , tree] = small.rows;
  const counts = [0, 199, 200, 350, 799, 800, 901, 1199, 1200, 1650].map((time) =>
    tree!.countAt(time * ms)
  );
  assertEquals(counts, [ABSENT, ABSENT, 1, 2, 4, 4, 0, 0, ABSENT, ABSENT]);
});

Deno.test("decode() keeps each stay in memory, with how it ended and what it held", () => {
  const [hero, map, tree] = small.rows;
  const { loading, ...stay } = tree!.stays[0]!;
  assertEquals(stay, { from: 200 * ms, to: 1200 * ms, bytes: 1000, peak: 5, reason: "evicted" });
  assertEquals([loading, hero!.stays[0]!.loading], [0, undefined]);
  assertEquals([hero!.stays[0]!.to, hero!.stays[0]!.reason], [1650 * ms, undefined]);
  assertEquals([tree!.live, tree!.resident], [700 * ms, 1000 * ms]);
  assertEquals([map!.stayAt(99 * ms), map!.stayAt(500 * ms)?.bytes], [undefined, 2000]);
});

Deno.test("decode() marks evictions, reloads and leaks in their rows, and counts them", () => {
  const marks = small.rows.flatMap(({ key, marks }) =>
    marks.map(({ time, kind }) => `${time / ms} ${kind} ${key}`)
  );
  assertEquals(marks, [
    "700 reload chars/hero.png",
    "1250 evict forest/map.json",
    "800 leak forest/tree.png",
    "1200 evict forest/tree.png",
  ]);
  const [leakMark] = small.rows[2]!.marks;
  const openedAt = (800 - OPEN) * ms;
  assertEquals(leakMark!.leak, {
    type: "Thing",
    label: "forest",
    bytes: 1000,
    stack: SITE,
    openedAt,
    site: 0,
  });
  assertEquals([small.evictions, small.reloads, small.leaks], [2, 1, 1]);
  assertEquals([small.overbudget, small.peak], [[1350 * ms], 5]);
});

Deno.test("decode() adds up what is live and what is idle, to nothing at the end", () => {
  const { times, live, idle } = small.totals;
  const at = (time: number) => times.findLastIndex((each) => each <= time * ms);
  const sums = [50, 850, 950, 1220, 1380].map((time) => [live[at(time)], idle[at(time)]]);
  assertEquals(sums, [[4000, 0], [8000, 0], [5000, 3000], [6000, 2000], [9000, 0]]);
  assertEquals([live.at(-1), idle.at(-1), small.peakBytes], [0, 0, 9000]);
});

Deno.test("decode() tells the times of making room from those over budget", () => {
  assertEquals(small.excesses, [
    { from: 1200 * ms, to: 1200 * ms, why: "making room" },
    { from: 1250 * ms, to: 1250 * ms, why: "making room" },
    { from: 1350 * ms, to: 1650 * ms, why: "over budget" },
  ]);
  assertEquals(modelOf(largeGame(100, 1000)).excesses, []);
});

Deno.test("decode() knows that the budget was exceeded when the trace began", () => {
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

Deno.test("decode() joins several stays of one key in one row", () => {
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
  assertEquals([row!.live, row!.counts], [15 * ms, [1, ABSENT, 1, ABSENT, 1, ABSENT]]);
});

Deno.test("decode() has a row for a leak of which nothing else is left", () => {
  using _time = new FakeTime();
  const mgr = things(() => 10);
  using _handle = mgr.load("gone.png", Thing);
  using trace = startTrace(mgr, { maxEvents: 1 });
  mgr[Symbol.dispose]();
  const { rows: [row], data, totals } = modelOf(trace);
  assertEquals([row!.key, row!.type, row!.leaks, row!.stays], ["gone.png", "Thing", 1, []]);
  assertEquals([data.forgotten, totals.times], [1, []]);
});

Deno.test("decode() takes any name for a name, and shows what can't be seen", () => {
  const { rows } = modelOf(hostileGame());
  assertEquals(rows.map(({ key, leaks }) => [key, leaks]), [
    ["__proto__", 1],
    ["</script><script>document.title='broken'</script>", 1],
    ["<img src=x onerror=document.title='broken'>", 1],
    ["constructor/toString", 1],
    ["\\u2028\\u202e\"'&<!--", 1],
  ]);
});

Deno.test("decode() knows what waits for a pump at any time, and the bytes of that", () => {
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
  assertEquals(totals.unfreed.at(2), 3000);
  assertEquals([peakBytes, peakMemory], [0, 3000]); // none of them stays for a microsecond
  const forgetful = modelOf(pacedGame({ maxEvents: 2 })).waiting;
  assertEquals(forgetful.work.map(({ unloads }) => unloads), [1, 0]);
  assertEquals([small.waiting, small.peakMemory], [{ times: [], work: [] }, small.peakBytes]);
});
