import { assertEquals, assertLess } from "@std/assert";
import { EventLog } from "../../src/trace/event_log.ts";
import { Kind } from "../../src/trace/kind.ts";
import { FakeTime } from "./_recordings.ts";

const UNLIMITED = 2 ** 40;

function valuesOf(log: EventLog): number[] {
  const values: number[] = [];
  for (const slice of log.slices()) slice.forEach((_time, _kind, _id, value) => values.push(value));
  return values;
}

Deno.test("EventLog.slices() have all events that were added, in order, over many chunks", () => {
  using time = new FakeTime();
  const log = new EventLog(UNLIMITED, () => {});
  for (let i = 0; i < 10_000; i++) {
    log.add(i % 2 === 0 ? Kind.count : Kind.reload, i, i * 1e9 + 0.5);
    time.wait(1);
  }
  let i = 0;
  for (const slice of log.slices()) {
    slice.forEach((at, kind, subject, value) => {
      assertEquals([at, subject, value], [1000 + i, i, i * 1e9 + 0.5]);
      assertEquals(kind, i++ % 2 === 0 ? Kind.count : Kind.reload);
    });
  }
  assertEquals([i, log.length, log.forgotten, log.since], [10_000, 10_000, 0, 1000]);
  assertEquals(log.until, log.since! + 9999);
});

Deno.test("EventLog keeps exactly as many events as it may, and passes on each that it forgets", () => {
  for (const capacity of [1, 10, 4096, 5000]) {
    const forgotten: number[] = [];
    const log = new EventLog(capacity, (_time, _kind, _subject, value) => forgotten.push(value));
    for (let i = 0; i < 20_000; i++) log.add(Kind.count, 0, i);
    assertEquals(valuesOf(log), Array.from({ length: capacity }, (_, i) => 20_000 - capacity + i));
    assertEquals(forgotten, Array.from({ length: 20_000 - capacity }, (_, i) => i));
    assertEquals([log.length, log.forgotten], [capacity, 20_000 - capacity]);
  }
});

Deno.test("EventLog takes 21 bytes for each event, and not more when it forgets some", () => {
  const before = Deno.memoryUsage();
  const log = new EventLog(500_000, () => {});
  for (let i = 0; i < 2_000_000; i++) log.add(Kind.count, i, i);
  const after = Deno.memoryUsage();
  const bytes = after.external - before.external;
  assertLess(bytes / 500_000, 22, `${bytes} bytes`);
  assertEquals(log.length, 500_000);
});

Deno.test("EventLog has no oldest event while it is empty", () => {
  const { since, until } = new EventLog(10, () => {});
  assertEquals([since, until], [undefined, undefined]);
});

Deno.test("EventLog.visit() visits as many events as requested, over chunks and after some are forgotten", () => {
  const log = new EventLog(10_000, () => {});
  for (let i = 0; i < 25_000; i++) log.add(Kind.count, 0, i);
  for (
    const [from, most] of [[15_000, 10], [15_000, 1e9], [20_000, 4096], [24_999, 5], [25_000, 5]]
  ) {
    const seen: number[] = [];
    const count = log.visit(from!, most!, (_time, _kind, _subject, value) => seen.push(value));
    const expected = Array.from({ length: Math.min(most!, 25_000 - from!) }, (_, i) => from! + i);
    assertEquals([seen, count], [expected, expected.length]);
  }
});
