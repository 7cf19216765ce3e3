import { assertEquals } from "@std/assert";
import { areasOf, Columns } from "../../../src/trace/page/columns.ts";
import { ABSENT, Row } from "../../../src/trace/page/model.ts";

function row(changes: readonly [time: number, count: number][]): Row {
  const made = new Row("a.png", 0);
  for (const [time, count] of changes) {
    made.times.push(time);
    made.counts.push(count);
  }
  return made;
}

const COUNTS = row([[20, 1], [45, 3], [46, 0], [47, 2], [70, 0], [90, ABSENT]]);

Deno.test("Columns.fill() finds the most and the fewest references of each column", () => {
  const columns = new Columns(10);
  columns.fill(COUNTS, 0, 100);
  const none = ABSENT;
  assertEquals([...columns.high], [none, none, 1, 1, 3, 2, 2, 2, 0, 0]);
  assertEquals([...columns.low], [none, none, none, 1, 0, 2, 2, 0, 0, none]);
  assertEquals([...columns.idle], [0, 0, 0, 0, 1, 0, 0, 1, 1, 1]);
});

Deno.test("Columns.fill() begins with what was before, and forgets the row before", () => {
  const columns = new Columns(5);
  columns.fill(COUNTS, 0, 100);
  columns.fill(COUNTS, 50, 60);
  assertEquals([[...columns.high], [...columns.low]], [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2]]);
  columns.fill(row([]), 0, 100);
  assertEquals([...columns.high], [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT]);
});

Deno.test("areasOf() finds the most live bytes, and the most bytes, of each column", () => {
  const totals = {
    times: [10, 30, 31, 60, 90],
    live: [5, 9, 2, 0, 0],
    idle: [0, 0, 6, 8, 0],
    unfreed: [0, 0, 1, 0, 8],
  };
  const { live, all, memory } = areasOf(totals, 0, 100, 10);
  assertEquals([...live], [0, 5, 5, 9, 2, 2, 2, 0, 0, 0]);
  assertEquals([...all], [0, 5, 5, 9, 8, 8, 8, 8, 8, 8]);
  assertEquals([...memory], [0, 5, 5, 9, 9, 9, 9, 8, 8, 8]);
  const part = areasOf(totals, 32, 34, 3);
  assertEquals([[...part.live], [...part.all]], [[2, 2, 2], [8, 8, 8]]);
  const nothing = { times: [], live: [], idle: [], unfreed: [] };
  assertEquals([...areasOf(nothing, 0, 10, 2).all], [0, 0]);
});
