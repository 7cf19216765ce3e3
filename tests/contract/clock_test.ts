import { assertEquals } from "@std/assert";
import { afterAlive, systemClock } from "../../src/contract/clock.ts";
import { keepAlive } from "../_patience.ts";
import { StillDate } from "../_date.ts";

Deno.test("systemClock tells the time, runs once, and not at all when disposed", async () => {
  {
    using date = new StillDate();
    assertEquals(systemClock.now(), date.now);
  }
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using _alive = keepAlive(); // the clock's own timers do not
  using _never = systemClock.after(2 ** 40, () => log.push("never"));
  systemClock.after(0, () => log.push("disposed"))[Symbol.dispose]();
  systemClock.after(0, () => resolve(void log.push("run")));
  await promise;
  assertEquals(log, ["run"]);
});

Deno.test("afterAlive() runs once, keeps the process alive until then, and runs not at all when disposed", async () => {
  const log: string[] = [];
  afterAlive(systemClock, 0, () => log.push("disposed"))[Symbol.dispose]();
  // Nothing else keeps the test waiting.
  await new Promise<void>((resolve) => afterAlive(systemClock, 1, resolve));
  assertEquals(log, []);
});
