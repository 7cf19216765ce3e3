import { assertEquals } from "@std/assert";
import { Counter } from "../../src/trace/counter.ts";
import { EventQueue, GRAIN } from "../../src/trace/event_queue.ts";

/** The events of a counter that has these values at these times, in microseconds. */
function written(values: readonly [ts: number, value: number][], brief = true): string[] {
  const queue = new EventQueue();
  const counter = new Counter(queue, "hero.png", { group: 2, brief });
  for (const [ts, value] of values) {
    queue.moveTo(ts);
    counter.set({ references: value }, value);
  }
  queue.flush();
  return queue.takeAll().map(({ ts, args }) => `${ts} ${args!.references}`);
}

Deno.test("Counter has one event for each change that stays", () => {
  assertEquals(written([[0, 1], [1000, 2], [2000, 0]]), ["0 1", "1000 2", "2000 0"]);
});

Deno.test("Counter has no event if nothing has changed", () => {
  assertEquals(written([[0, 1], [1000, 1], [2000, 0], [3000, 0]]), ["0 1", "2000 0"]);
  assertEquals(written([[0, 1], [1000, 0], [1010, 1]]), ["0 1"]);
});

Deno.test("Counter shows the peak and the last value of a group, each when it was reached", () => {
  assertEquals(written([[0, 0], [500, 1], [510, 3], [520, 1], [530, 2], [540, 0]]), [
    "0 0",
    "510 3",
    "540 0",
  ]);
  assertEquals(written([[0, 0], [500, 1], [510, 3], [520, 1], [530, 3]]), ["0 0", "510 3"]);
});

Deno.test("Counter groups all changes within GRAIN microseconds of the first", () => {
  const late = 500 + GRAIN;
  assertEquals(written([[0, 0], [500, 1], [late - 1, 2]]), ["0 0", `${late - 1} 2`]);
  assertEquals(written([[0, 0], [500, 1], [late, 2]]), ["0 0", "500 1", `${late} 2`]);
});

Deno.test("Counter draws a peak within one microsecond for one microsecond, or not at all", () => {
  assertEquals(written([[0, 0], [500, 4], [500, 1]]), ["0 0", "500 4", "501 1"]);
  assertEquals(written([[0, 0], [500, 4], [500, 1]], false), ["0 0", "500 1"]);
});

Deno.test("Counter shows a first value of 0", () => {
  assertEquals(written([[5, 0]]), ["5 0"]);
});
