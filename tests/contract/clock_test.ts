import { assertEquals } from "@std/assert";
import { afterAlive, systemClock } from "../../src/contract/clock.ts";
import { keepAlive } from "../_patience.ts";
import { StillDate } from "../_date.ts";

Deno.test("systemClock returns the time, and calls back once, or never after disposal", async () => {
  {
    using date = new StillDate();
    assertEquals(systemClock.now(), date.now);
  }
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using _alive = keepAlive(); // the timers of the clock do not
  using _never = systemClock.after(2 ** 40, () => log.push("never"));
  systemClock.after(0, () => log.push("disposed"))[Symbol.dispose]();
  systemClock.after(0, () => resolve(void log.push("run")));
  await promise;
  assertEquals(log, ["run"]);
});

Deno.test("afterAlive() keeps the process alive until it calls back, and never calls back after disposal", async () => {
  const log: string[] = [];
  afterAlive(systemClock, 0, () => log.push("disposed"))[Symbol.dispose]();
  // Nothing else keeps the process alive here.
  await new Promise<void>((resolve) => afterAlive(systemClock, 1, resolve));
  assertEquals(log, []);
});
