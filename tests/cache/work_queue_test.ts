import { assertEquals, assertRejects } from "@std/assert";
import type { TurnTaker } from "../../src/cache/turns.ts";
import { WorkQueue } from "../../src/cache/work_queue.ts";
import { EventHub } from "../../src/contract/events.ts";
import type { LoadPriority } from "../../src/contract/task.ts";

interface FakeLoad extends TurnTaker {
  loadPriority: LoadPriority;
}

/** A queue whose turns write their names down when they run. */
class Stage {
  readonly queue = new WorkQueue({ events: new EventHub(), onChange() {} });
  readonly #log: string[] = [];

  /** A load that waits for a turn. */
  wait(name: string, loadPriority: LoadPriority, uploadBytes?: number): FakeLoad {
    const load: FakeLoad = { loadPriority, turns: undefined, assertWanted() {} };
    this.queue.turn(load, () => this.#log.push(name), uploadBytes).catch(() => {});
    return load;
  }

  /** What ran in a pump. */
  pump(maxMs: number, maxUploadBytes = Infinity): string[] {
    this.queue.pump(maxMs, maxUploadBytes);
    return this.#log.splice(0);
  }
}

Deno.test("WorkQueue.raise() keeps the place of a turn that is as urgent already", () => {
  const stage = new Stage();
  const a = stage.wait("a", "high");
  stage.wait("b", "high");
  const c = stage.wait("c", "low");
  stage.queue.raise(a);
  c.loadPriority = "high";
  stage.queue.raise(c);
  assertEquals(stage.pump(Infinity), ["a", "b", "c"]);
});

Deno.test("turns go by priority, and then in their order, whether or not they upload", () => {
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

Deno.test("WorkQueue.pump() begins uploads within its limit, one in any case, and all else", () => {
  const stage = new Stage();
  for (const [name, bytes] of [["a", 6], ["b", 4], ["c", 1], ["d", 90], ["e", 10]] as const) {
    stage.wait(name, "normal", bytes);
  }
  stage.wait("plain", "low");
  stage.queue.addCallback(() => {});
  assertEquals(stage.pump(Infinity, 10), ["a", "b", "plain"]); // just as much as is allowed
  assertEquals(stage.queue.size, 3);
  assertEquals(stage.pump(Infinity, 10), ["c"]); // and not "e", which would fit: it comes after "d"
  assertEquals(stage.pump(Infinity, 10), ["d"]); // larger than the limit
  stage.wait("f", "high", 10);
  assertEquals(stage.pump(Infinity, 10), ["f"]);
  assertEquals(stage.pump(0, 0), ["e"]); // a limit of nothing is one upload a pump
  assertEquals(stage.queue.size, 0);
});

Deno.test("what has waited for 60 pumps counts as urgent, so that nothing waits for ever", () => {
  for (const uploadBytes of [8, 0]) {
    const stage = new Stage();
    stage.wait("low", "low", uploadBytes);
    const ran: string[] = [];
    for (let pump = 1; !ran.includes("low"); pump++) {
      for (let i = 0; i < 2; i++) stage.wait(`${pump}`, "high", uploadBytes); // more than one pump runs
      ran.push(...stage.pump(0));
    }
    // In each of 60 pumps one has run. Then 62 that have come are before it, and all later ones behind it.
    assertEquals(ran.length, 60 + 62 + 1);
  }
});

Deno.test("a turn that is raised after it has become urgent by waiting stays so", () => {
  const stage = new Stage();
  const low = stage.wait("low", "low");
  for (let pump = 0; pump < 60; pump++) {
    stage.wait("first", "high");
    assertEquals(stage.pump(0), ["first"]);
  }
  stage.wait("first", "high");
  assertEquals(stage.pump(0), ["first"]); // "low" is behind it from here on
  low.loadPriority = "normal";
  stage.queue.raise(low);
  stage.wait("second", "high");
  assertEquals(stage.pump(0), ["low"]);
});

Deno.test("WorkQueue.withdraw() fails all turns of a load and of no other", async () => {
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
