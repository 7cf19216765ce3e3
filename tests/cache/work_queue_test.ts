import { assertEquals } from "@std/assert";
import { type Piece, WorkQueue } from "../../src/cache/work_queue.ts";
import { EventHub } from "../../src/contract/events.ts";

Deno.test("WorkQueue.raise() keeps the place of a piece that is as urgent already", () => {
  const queue = new WorkQueue(new EventHub());
  const log: string[] = [];
  const piece = (): Piece => ({ line: undefined, work: undefined, assertWanted() {} });
  const [a, b, c] = [piece(), piece(), piece()];
  void queue.turn(a, "high", () => log.push("a"));
  void queue.turn(b, "high", () => log.push("b"));
  void queue.turn(c, "low", () => log.push("c"));
  queue.raise(a, "high");
  queue.raise(c, "high");
  assertEquals([queue.pump(Infinity), log], [0, ["a", "b", "c"]]);
});
