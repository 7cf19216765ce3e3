import { assert, assertEquals, assertLess } from "@std/assert";
import { Kind, RESIDENT } from "../../src/trace/kind.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { pageData } from "../../src/trace/page_data.ts";
import { StreamReader } from "../../src/trace/page/stream_reader.ts";
import { REASONS, Recorder } from "../../src/trace/recorder.ts";
import { FakeTime, leak, OPEN, SITE, Thing, things } from "./_recordings.ts";

function numbersOf(base64: string): number[] {
  const reader = new StreamReader(base64);
  const numbers: number[] = [];
  while (!reader.done) numbers.push(reader.next());
  return numbers;
}

Deno.test("pageData() packs every event as the time since the event before, its row and its value", () => {
  using time = new FakeTime();
  using mgr = things(() => 3_000_000_000, { maxBytes: 4e9 });
  using held = mgr.load("a.png", Thing);
  const recorder = new Recorder(cacheOf(mgr), 1000);
  time.wait(0.25);
  held.clone()[Symbol.dispose]();
  time.wait(70_000);
  leak(mgr, "a.png", "scene");
  using _b = mgr.load("b.png", Thing);
  mgr.unload("a.png", { force: true });
  time.wait(1);
  recorder.stop();
  const data = pageData(recorder, "title");
  const size = 3_000_000_000;
  const [a, b] = [0, 16];
  assertEquals(numbersOf(data.events), [
    ...[0, a + RESIDENT, size, 0, 1, 0],
    ...[250, a + Kind.count, 2, 0, a + Kind.count, 1],
    ...[70_000_000, a + Kind.count, 2, 0, a + Kind.count, 1, 0, a + Kind.leak, 0],
    ...[0, b + Kind.load, size, 0, 1, 0, 0, Kind.overbudget, 2 * size],
    ...[0, a + Kind.unload, REASONS.indexOf("forced")],
  ]);
  assertEquals([data.keys, data.types, data.reasons], [["a.png", "b.png"], ["Thing"], REASONS]);
  assertEquals(JSON.parse(JSON.stringify(data.leaks)), [
    { type: "Thing", label: "scene", bytes: size },
  ]);
  assertEquals([data.title, data.duration, data.count], ["title", 70_001_250, 8]);
  assertEquals([data.budget, data.keepsIdle, data.forgotten], [4e9, true, 0]);
});

Deno.test("pageData() says where and when leaked handles were opened, also before the trace", () => {
  using time = new FakeTime();
  using mgr = things(() => 1000);
  using _held = mgr.load("a.png", Thing);
  const recorder = new Recorder(cacheOf(mgr), 1000);
  time.wait(100);
  leak(mgr, "a.png", "scene", SITE);
  time.wait(100);
  leak(mgr, "a.png", "", SITE);
  const { leaks, stacks } = pageData(recorder, "title");
  assertEquals(stacks, [SITE]);
  const early = (100 - OPEN) * 1000;
  assertEquals(leaks, [
    { type: "Thing", label: "scene", bytes: 1000, stack: 0, openedAt: early },
    { type: "Thing", label: undefined, bytes: 1000, stack: 0, openedAt: early + 100_000 },
  ]);
});

Deno.test("pageData() takes less than six bytes for each event, and packs megabytes", () => {
  using time = new FakeTime();
  using mgr = things(() => 1, { idle: "keep" });
  const recorder = new Recorder(cacheOf(mgr), 1_000_000);
  for (let i = 0; i < 100_000; i++) {
    time.wait(0.1);
    mgr.load(`${i % 500}.png`, Thing)[Symbol.dispose]();
  }
  recorder.stop();
  const { events, count } = pageData(recorder, "");
  assertEquals(count, 200_000);
  assertLess(events.length / count, 6);
  assert(numbersOf(events).length >= 3 * count);
});

Deno.test("pageData() is the same in engines without toBase64()", () => {
  using time = new FakeTime();
  using mgr = things(() => 1, { idle: "keep" });
  const recorder = new Recorder(cacheOf(mgr), 100_000);
  for (let i = 0; i < 10_000; i++) {
    time.wait(0.1);
    mgr.load(`${i % 500}.png`, Thing)[Symbol.dispose]();
  }
  recorder.stop();
  const { events } = pageData(recorder, "");
  const bytes = Uint8Array.prototype as { toBase64?: () => string };
  const { toBase64 } = bytes;
  try {
    bytes.toBase64 = undefined;
    assert(pageData(recorder, "").events === events);
  } finally {
    bytes.toBase64 = toBase64;
  }
});
