import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Viewport } from "../../../src/trace/page/viewport.ts";

function viewport(): Viewport {
  const made = new Viewport(1_000_000);
  made.width = 1000;
  return made;
}

Deno.test("Viewport shows all at first, with a little room after the end", () => {
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

Deno.test("Viewport.zoom() stops at 50 µs and at all of the time", () => {
  const view = viewport();
  view.zoom(1e-9);
  assertAlmostEquals(view.span, 50);
  view.zoom(1e9);
  assertEquals([view.from, view.to], [0, 1_020_000]);
});

Deno.test("Viewport.pan() and show() stay within the time", () => {
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

Deno.test("Viewport has something to show of a trace that took no time", () => {
  const view = new Viewport(0);
  assertEquals([view.span, view.from], [50, 0]);
});
