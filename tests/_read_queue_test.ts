import { assertEquals } from "@std/assert";
import { moreUrgent, ReadQueue } from "../src/_read_queue.ts";

Deno.test("ReadQueue admits so many at once, the most urgent first, equal ones in their order", () => {
  const log: string[] = [];
  const queue = new ReadQueue(2);
  for (const [priority, name] of [["low", "a"], ["normal", "b"]] as const) {
    queue.join(priority, () => log.push(name));
  }
  for (const [priority, name] of [["low", "c"], ["high", "d"], ["low", "e"]] as const) {
    queue.join(priority, () => log.push(name));
  }
  assertEquals(log, ["a", "b"]);
  for (let i = 0; i < 5; i++) queue.leave();
  assertEquals(log, ["a", "b", "d", "c", "e"]);
});

Deno.test("ReadQueue lets tickets rise, and forgets those that have left", () => {
  const log: string[] = [];
  const queue = new ReadQueue(1);
  queue.join("normal", () => log.push("first"));
  const [a, b, c] = ["a", "b", "c"].map((name) => queue.join("low", () => log.push(name)));
  queue.raise(c!, "high");
  queue.raise(c!, "high");
  a!.priority = undefined;
  queue.raise(a!, "high");
  for (let i = 0; i < 3; i++) queue.leave();
  assertEquals(log, ["first", "c", "b"]);
  queue.raise(b!, "high");
  queue.leave();
  assertEquals(log.length, 3);
});

Deno.test("ReadQueue takes tens of thousands without growing slow", () => {
  const queue = new ReadQueue(1);
  let admitted = 0;
  for (let i = 0; i < 50_000; i++) queue.join("normal", () => admitted++);
  for (let i = 0; i < 50_000; i++) queue.leave();
  assertEquals(admitted, 50_000);
});

Deno.test("moreUrgent() orders priorities", () => {
  assertEquals([moreUrgent("low", "normal"), moreUrgent("high", "low")], ["normal", "high"]);
});
