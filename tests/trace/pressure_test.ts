import { assertEquals } from "@std/assert";
import { PressureGauge } from "../../src/trace/pressure.ts";

Deno.test('PressureGauge: bytes above the budget are "making room" until they fit', () => {
  const gauge = new PressureGauge(10);
  assertEquals([gauge.measure(6, 4), gauge.now], [false, "fits"]);
  assertEquals([gauge.measure(8, 4), gauge.now], [true, "making room"]);
  assertEquals([gauge.measure(12, 4), gauge.now], [false, "making room"]);
  assertEquals([gauge.measure(8, 2), gauge.now], [true, "fits"]);
});

Deno.test('PressureGauge: live bytes that do not fit after an eviction are "over budget"', () => {
  const gauge = new PressureGauge(10);
  gauge.measure(12, 3);
  assertEquals(gauge.now, "making room");
  gauge.exceeded();
  assertEquals([gauge.measure(12, 3), gauge.now], [true, "over budget"], "the rest is pinned");
  gauge.measure(8, 4);
  assertEquals(gauge.now, "making room", "the new idle bytes are evicted");
  gauge.measure(8, 0);
  gauge.measure(12, 3);
  assertEquals(gauge.now, "making room", "the bytes fitted in between");
});

Deno.test('PressureGauge: live bytes are "over budget" at once if nothing is idle', () => {
  const gauge = new PressureGauge(10);
  assertEquals([gauge.measure(12, 0), gauge.now], [true, "over budget"]);
  assertEquals([gauge.measure(12, 1), gauge.now], [true, "making room"]);
});

Deno.test('PressureGauge.begin() reports live bytes above the budget as "over budget"', () => {
  const gauge = new PressureGauge(10);
  assertEquals([gauge.begin(11, 0), gauge.now], [true, "over budget"]);
  assertEquals([gauge.begin(9, 2), gauge.now], [true, "making room"]);
  assertEquals([gauge.begin(9, 1), gauge.now], [false, "fits"]);
});

Deno.test("PressureGauge: without a budget everything fits", () => {
  const gauge = new PressureGauge();
  assertEquals([gauge.measure(1e15, 1e15), gauge.now], [false, "fits"]);
});
