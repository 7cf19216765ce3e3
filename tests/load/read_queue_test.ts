import { assert, assertEquals, assertThrows } from "@std/assert";
import { assertPriority, moreUrgent } from "../../src/cache/priority_lines.ts";
import { type QueuedRead, ReadQueue } from "../../src/load/read_queue.ts";

function read(admit: () => void): QueuedRead {
  return { line: undefined, admit };
}

Deno.test("ReadQueue admits as many reads as it has places, the most urgent first, equal ones in their order", () => {
  const log: string[] = [];
  const queue = new ReadQueue(2);
  for (const [priority, name] of [["low", "a"], ["normal", "b"]] as const) {
    queue.join(read(() => log.push(name)), priority);
  }
  for (const [priority, name] of [["low", "c"], ["high", "d"], ["low", "e"]] as const) {
    queue.join(read(() => log.push(name)), priority);
  }
  assertEquals(log, ["a", "b"]);
  for (let i = 0; i < 5; i++) queue.leave();
  assertEquals(log, ["a", "b", "d", "c", "e"]);
});

Deno.test("ReadQueue lets reads become more urgent, and forgets those that were withdrawn", () => {
  const log: string[] = [];
  const queue = new ReadQueue(1);
  queue.join(read(() => log.push("first")), "normal");
  const [a, b, c] = ["a", "b", "c"].map((name) => read(() => log.push(name)));
  for (const each of [a, b, c]) queue.join(each!, "low");
  queue.raise(c!, "high");
  queue.raise(c!, "high");
  queue.withdraw(a!);
  queue.withdraw(a!);
  queue.raise(a!, "high");
  for (let i = 0; i < 3; i++) queue.leave();
  assertEquals(log, ["first", "c", "b"]);
  queue.raise(b!, "high");
  queue.leave();
  assertEquals(log.length, 3);
});

Deno.test("ReadQueue admits all of tens of thousands of reads", () => {
  const queue = new ReadQueue(1);
  let admitted = 0;
  for (let i = 0; i < 50_000; i++) queue.join(read(() => admitted++), "normal");
  for (let i = 0; i < 50_000; i++) queue.leave();
  assertEquals(admitted, 50_000);
});

Deno.test("ReadQueue keeps only the reads that wait, even if no place becomes free", () => {
  const queue = new ReadQueue(1);
  queue.join(read(() => {}), "normal");
  const waiting = read(() => {});
  queue.join(waiting, "low");
  for (let i = 0; i < 1_000; i++) {
    const withdrawn = read(() => {});
    queue.join(withdrawn, "low");
    queue.withdraw(withdrawn);
    const raised = read(() => {});
    queue.join(raised, "low");
    queue.raise(raised, "high");
    queue.withdraw(raised);
  }
  assert(queue.length < 100, `${queue.length} reads are remembered`);
  queue.leave();
  assertEquals(waiting.line, undefined);
  queue.leave();
  assertEquals(queue.length, 0);
});

Deno.test("ReadQueue keeps only the reads that wait, even if it never becomes empty", () => {
  const queue = new ReadQueue(1);
  let most = 0;
  queue.join(read(() => {}), "normal");
  for (let i = 0; i < 5; i++) queue.join(read(() => {}), "normal");
  for (let i = 0; i < 1_000; i++) {
    queue.join(read(() => {}), "normal");
    queue.leave();
    most = Math.max(most, queue.length);
  }
  assertEquals(most, 5);
});

Deno.test("ReadQueue admits a read that cannot wait at once, and counts its place", () => {
  const log: string[] = [];
  const queue = new ReadQueue(1);
  const [a, b, c] = ["a", "b", "c"].map((name) => read(() => log.push(name)));
  for (const each of [a, b, c]) queue.join(each!, "low");
  queue.raise(c!, "now");
  queue.join(read(() => log.push("d")), "now");
  assertEquals(log, ["a", "c", "d"]);
  for (let i = 0; i < 2; i++) queue.leave();
  assertEquals(log.length, 3);
  queue.leave();
  assertEquals(log, ["a", "c", "d", "b"]);
});

Deno.test("assertPriority() refuses an unknown priority, and names the known ones", () => {
  assertThrows(
    () => assertPriority("a.png", "urgent" as "high"),
    TypeError,
    'Cannot load "a.png": "urgent" is not a priority, use one of "high", "normal", "low"',
  );
});

Deno.test("moreUrgent() orders priorities", () => {
  assertEquals([moreUrgent("low", "normal"), moreUrgent("high", "low")], ["normal", "high"]);
  assertEquals([moreUrgent("high", "now"), moreUrgent("now", "low")], ["now", "now"]);
});
