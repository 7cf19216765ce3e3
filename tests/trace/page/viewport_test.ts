import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { eachApart, Viewport } from "../../../src/trace/page/viewport.ts";

function viewport(): Viewport {
  const made = new Viewport(1_000_000);
  made.width = 1000;
  return made;
}

Deno.test("Viewport shows the whole trace at first, with a little room after the end", () => {
  const { from, to, whole, span } = viewport();
  assertEquals([from, to, whole, span], [0, 1_020_000, true, 1_020_000]);
});

Deno.test("Viewport.zoom() keeps the given time where it is", () => {
  const view = viewport();
  const x = view.xOf(400_000);
  view.zoom(0.1, 400_000);
  assertAlmostEquals(view.xOf(400_000), x);
  assertAlmostEquals(view.timeAt(x), 400_000);
  assertAlmostEquals(view.span, 102_000);
  assertEquals(view.whole, false);
});

Deno.test("Viewport.zoom() stops at 50 µs and at the whole trace", () => {
  const view = viewport();
  view.zoom(1e-9);
  assertAlmostEquals(view.span, 50);
  view.zoom(1e9);
  assertEquals([view.from, view.to], [0, 1_020_000]);
});

Deno.test("Viewport.pan() and show() stay within the trace", () => {
  const view = viewport();
  view.show(100_000, 300_000);
  view.pan(50_000);
  assertEquals([view.from, view.to], [150_000, 350_000]);
  view.pan(-1e9);
  assertEquals([view.from, view.to], [0, 200_000]);
  view.pan(1e9);
  assertEquals([view.from, view.to], [820_000, 1_020_000]);
  view.fit();
  assertEquals(view.whole, true);
});

Deno.test("Viewport shows 50 µs of a trace that took no time", () => {
  const view = new Viewport(0);
  assertEquals([view.span, view.from], [50, 0]);
});

Deno.test("Viewport.grow() keeps the whole trace or its end visible, and does not move any other view", () => {
  const view = viewport();
  view.grow(2_000_000);
  assertEquals([view.from, view.to, view.whole], [0, 2_040_000, true]);
  view.show(2_000_000, 2_040_000);
  view.grow(3_000_000);
  assertEquals([view.from, view.to], [3_020_000, 3_060_000]);
  view.show(100, 200);
  view.grow(4_000_000);
  assertEquals([view.from, view.to, view.end], [100, 200, 4_080_000]);
});

Deno.test("eachApart() visits the visible items, and only the first of items that are too close", () => {
  const view = viewport();
  view.show(100_000, 200_000); // 100 a pixel
  const times = [98_000, 99_500, 100_000, 100_050, 100_150, 100_400, 150_000, 200_900, 202_000];
  const seen: [number, number][] = [];
  eachApart(times, (time) => time, view, 2, (time, x) => seen.push([time, Math.round(x)]));
  assertEquals(seen, [[99_500, -5], [100_000, 0], [100_400, 4], [150_000, 500], [200_900, 1009]]);
});

Deno.test("eachApart() does not take longer for many items that are close", () => {
  const view = viewport();
  const times = Array.from({ length: 100_000 }, (_, i) => i * 10);
  let looks = 0;
  let visits = 0;
  const timeOf = (time: number) => {
    looks++;
    return time;
  };
  eachApart(times, timeOf, view, 2, () => visits++);
  assert(visits <= 500 && looks < 500 * 25, `${visits} visits, ${looks} looks`);
});

Deno.test("Viewport.follow() shows the end of a long trace, and follows it", () => {
  const view = viewport();
  const hour = 3_600_000_000;
  view.grow(hour);
  view.follow(30_000_000);
  assertAlmostEquals(view.to, hour + 500_000, 1);
  assertAlmostEquals(view.span, 30_000_000, 1);
  assertEquals([view.follows, view.whole], [true, false]);
  for (let i = 1; i <= 100; i++) view.grow(hour + i * 16_667);
  assertAlmostEquals(view.to, hour + 1_666_700 + 500_000, 1);
  assertAlmostEquals(view.span, 30_000_000, 1);
});

Deno.test("Viewport.grow() moves the view only if its time was forgotten", () => {
  const view = viewport();
  view.grow(10_000_000);
  view.show(6_000_000, 7_000_000);
  view.grow(11_000_000, 5_000_000);
  assertEquals([view.from, view.to, view.follows], [6_000_000, 7_000_000, false]);
  view.pan(-1e9);
  assertEquals([view.from, view.to], [5_000_000, 6_000_000]);
  view.grow(12_000_000, 8_000_000);
  assertEquals([view.from, view.to], [8_000_000, 9_000_000]);
  view.fit();
  assertEquals([view.from, view.whole], [8_000_000, true]);
  view.grow(20_000_000, 8_000_000);
  assertAlmostEquals(view.to, 20_400_000, 1);
});
