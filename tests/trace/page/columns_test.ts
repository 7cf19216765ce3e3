import { assertEquals } from "@std/assert";
import { Columns, peaksOf } from "../../../src/trace/page/columns.ts";
import { ABSENT } from "../../../src/trace/page/row.ts";
import { Track } from "../../../src/trace/page/track.ts";

function track(changes: readonly [time: number, value: number][]): Track {
  const made = new Track();
  for (const [time, value] of changes) made.push(time, value);
  return made;
}

const COUNTS = track([[20, 1], [45, 3], [46, 0], [47, 2], [70, 0], [90, ABSENT]]);
const WHOLE = { from: 0, to: 100 };

Deno.test("Columns.fill() finds the most and the fewest references of each column", () => {
  const columns = new Columns(10);
  columns.fill(COUNTS, WHOLE);
  const none = ABSENT;
  assertEquals([...columns.high], [none, none, 1, 1, 3, 2, 2, 2, 0, 0]);
  assertEquals([...columns.low], [none, none, 1, 1, 0, 2, 2, 0, 0, none]);
  assertEquals([...columns.idle], [0, 0, 0, 0, 1, 0, 0, 1, 1, 1]);
});

Deno.test("Columns.fill() starts with the value before the span, and forgets the previous row", () => {
  const columns = new Columns(5);
  columns.fill(COUNTS, WHOLE);
  columns.fill(COUNTS, { from: 50, to: 60 });
  assertEquals([[...columns.high], [...columns.low]], [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2]]);
  columns.fill(track([]), WHOLE);
  assertEquals([...columns.high], [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]);
});

Deno.test("Columns.fill() leaves the columns after the end empty", () => {
  const columns = new Columns(10);
  columns.fill(COUNTS, { ...WHOLE, end: 60 });
  assertEquals([...columns.high].slice(4), [3, 2, ABSENT, ABSENT, ABSENT, ABSENT]);
  columns.fill(track([[0, 1]]), { ...WHOLE, end: 0 });
  assertEquals([...columns.high].includes(1), false);
});

Deno.test("peaksOf() finds the most bytes of each column, and 0 before the first value", () => {
  const bytes = track([[10, 5], [30, 9], [31, 2], [60, 0], [90, 8]]);
  assertEquals([...peaksOf(bytes, WHOLE, 10)], [0, 5, 5, 9, 2, 2, 2, 0, 0, 8]);
  assertEquals([...peaksOf(bytes, { from: 32, to: 34 }, 3)], [2, 2, 2]);
  assertEquals([...peaksOf(track([]), WHOLE, 2)], [0, 0]);
});

Deno.test("peaksOf() finds the same as a search through every change, at any zoom", () => {
  const changes = Array.from({ length: 5000 }, (_, i): [number, number] => [
    i * 7 + (i % 5),
    (i * 7919) % 1013,
  ]);
  const bytes = track(changes);
  for (const [from, to, width] of [[0, 40_000, 320], [1000, 9000, 1000], [34_000, 40_000, 15]]) {
    const size = (to! - from!) / width!;
    const expected = Array.from({ length: width! }, (_, x) => {
      const [begin, end] = [from! + x * size, from! + (x + 1) * size];
      const before = changes.findLast(([time]) => x === 0 ? time <= begin : time < begin)?.[1] ?? 0;
      const within = changes.filter(([time]) => time >= begin && time < end);
      return Math.max(before, ...within.map(([, value]) => value));
    });
    assertEquals([...peaksOf(bytes, { from: from!, to: to! }, width!)], expected);
  }
});
