import { assertEquals, assertRejects } from "@std/assert";
import type { TurnTaker } from "../../src/cache/turns.ts";
import { WorkQueue } from "../../src/cache/work_queue.ts";
import { EventHub } from "../../src/contract/events.ts";
import type { LoadPriority } from "../../src/contract/task.ts";

interface FakeLoad extends TurnTaker {
  loadPriority: LoadPriority;
}

/** A queue whose turns log their names when they run. */
class Stage {
  readonly queue = new WorkQueue({ events: new EventHub(), onChange() {} });
  readonly #log: string[] = [];

  /** Adds a load that waits for a turn. */
  wait(name: string, loadPriority: LoadPriority, uploadBytes?: number): FakeLoad {
    const load: FakeLoad = { loadPriority, turns: undefined, assertWanted() {} };
    this.queue.turn(load, () => this.#log.push(name), uploadBytes).catch(() => {});
    return load;
  }

  /** Pumps, and returns the names of the turns that ran. */
  pump(maxMs: number, maxUploadBytes = Infinity): string[] {
    this.queue.pump(maxMs, maxUploadBytes);
    return this.#log.splice(0);
  }
}

Deno.test("WorkQueue.raise() keeps the place of a turn that is already that urgent", () => {
  const stage = new Stage();
  const a = stage.wait("a", "high");
  stage.wait("b", "high");
  const c = stage.wait("c", "low");
  stage.queue.raise(a);
  c.loadPriority = "high";
  stage.queue.raise(c);
  assertEquals(stage.pump(Infinity), ["a", "b", "c"]);
});

Deno.test("turns run by priority, and then in their order, whether they upload or not", () => {
  const stage = new Stage();
  stage.wait("low", "low");
  stage.wait("upload 1", "normal", 8);
  stage.wait("plain 1", "normal");
  stage.wait("upload 2", "normal", 8);
  stage.wait("plain 2", "normal");
  stage.wait("urgent", "high", 8);
  const expected = ["urgent", "upload 1", "plain 1", "upload 2", "plain 2", "low"];
  assertEquals(stage.pump(Infinity), expected);
});

Deno.test("WorkQueue.pump() starts uploads within its limit, but always one, and other work without a limit", () => {
  const stage = new Stage();
  for (const [name, bytes] of [["a", 6], ["b", 4], ["c", 1], ["d", 90], ["e", 10]] as const) {
    stage.wait(name, "normal", bytes);
  }
  stage.wait("plain", "low");
  stage.queue.addCallback(() => {});
  assertEquals(stage.pump(Infinity, 10), ["a", "b", "plain"]); // Exactly the limit.
  assertEquals(stage.queue.size, 3);
  assertEquals(stage.pump(Infinity, 10), ["c"]); // Not "e", which would fit: it comes after "d".
  assertEquals(stage.pump(Infinity, 10), ["d"]); // Larger than the limit.
  stage.wait("f", "high", 10);
  assertEquals(stage.pump(Infinity, 10), ["f"]);
  assertEquals(stage.pump(0, 0), ["e"]); // With a limit of 0, one upload starts in each pump.
  assertEquals(stage.queue.size, 0);
});

Deno.test("a turn that has waited for 60 pumps becomes urgent, so that it does not wait for ever", () => {
  for (const uploadBytes of [8, 0]) {
    const stage = new Stage();
    stage.wait("low", "low", uploadBytes);
    const ran: string[] = [];
    for (let pump = 1; !ran.includes("low"); pump++) {
      for (let i = 0; i < 2; i++) stage.wait(`${pump}`, "high", uploadBytes); // More than one pump runs.
      ran.push(...stage.pump(0));
    }
    // Each of 60 pumps ran one turn. Then 62 turns are before it in the line, and later ones behind it.
    assertEquals(ran.length, 60 + 62 + 1);
  }
});

Deno.test("WorkQueue.raise() keeps a turn urgent that has become urgent by waiting", () => {
  const stage = new Stage();
  const low = stage.wait("low", "low");
  for (let pump = 0; pump < 60; pump++) {
    stage.wait("first", "high");
    assertEquals(stage.pump(0), ["first"]);
  }
  stage.wait("first", "high");
  assertEquals(stage.pump(0), ["first"]); // "low" is urgent now, behind it.
  low.loadPriority = "normal";
  stage.queue.raise(low);
  stage.wait("second", "high");
  assertEquals(stage.pump(0), ["low"]);
});

Deno.test("WorkQueue.withdraw() rejects all turns of a load, and keeps those of other loads", async () => {
  const { queue } = new Stage();
  const log: string[] = [];
  const loads = ["a", "b"].map((): FakeLoad => ({
    loadPriority: "normal",
    turns: undefined,
    assertWanted() {},
  }));
  const turns = loads.map((load, i) =>
    [0, 8].map((bytes) => queue.turn(load, () => log.push(`${i} ${bytes}`), bytes))
  );
  queue.withdraw(loads[0]!, new Error("nobody wants it"));
  assertEquals(queue.loads, 2);
  for (const turn of turns[0]!) await assertRejects(() => turn, Error, "nobody wants it");
  queue.pump(Infinity);
  assertEquals([log, queue.loads], [["1 0", "1 8"], 0]);
});
