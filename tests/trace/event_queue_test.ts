import { assertEquals } from "@std/assert";
import { EventQueue, GRAIN } from "../../src/trace/event_queue.ts";

function eventAt(ts: number, name = "hero.png") {
  return { name, ph: "i", ts, pid: 1, tid: 1 } as const;
}

Deno.test("EventQueue.take() returns the events that no later one can precede, sorted by time", () => {
  const queue = new EventQueue();
  const times = () => queue.take().map(({ ts }) => ts);
  queue.moveTo(150);
  queue.add(eventAt(150));
  queue.add(eventAt(60));
  assertEquals(times(), []);
  queue.moveTo(60 + GRAIN);
  queue.add(eventAt(61));
  assertEquals(times(), [60]);
  assertEquals(queue.takeAll().map(({ ts }) => ts), [61, 150]);
  assertEquals(queue.takeAll(), []);
});

Deno.test("EventQueue keeps the order of events at the same time", () => {
  const queue = new EventQueue();
  for (const name of ["begin", "inner", "end"]) queue.add(eventAt(5, name));
  assertEquals(queue.takeAll().map(({ name }) => name), ["begin", "inner", "end"]);
});

Deno.test("EventQueue flushes groups when their time is over, in the order in which they began", () => {
  const queue = new EventQueue();
  const log: string[] = [];
  const group = (name: string) => ({ flush: () => log.push(`${name} at ${queue.now}`) });
  const [a, b, c] = [group("a"), group("b"), group("c")];
  assertEquals([queue.group(a), queue.group(a)], [true, false]);
  queue.moveTo(10);
  queue.group(b);
  queue.group(c);
  queue.drop(c);
  queue.moveTo(GRAIN - 1);
  assertEquals(log, []);
  queue.moveTo(GRAIN);
  assertEquals([log, queue.group(a)], [["a at 100"], true]);
  queue.flush();
  assertEquals(log, ["a at 100", "b at 100", "a at 100"]);
});
