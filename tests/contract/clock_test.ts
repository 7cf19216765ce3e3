import { assert, assertEquals } from "@std/assert";
import { afterAlive, systemClock } from "../../src/contract/clock.ts";

Deno.test("systemClock tells the time, runs once, and not at all when disposed", async () => {
  assert(Math.abs(systemClock.now() - Date.now()) < 1000);
  const log: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const alive = setTimeout(() => {}, 10_000); // the clock's own timers keep nothing alive
  using _never = systemClock.after(2 ** 40, () => log.push("never"));
  systemClock.after(0, () => log.push("disposed"))[Symbol.dispose]();
  systemClock.after(0, () => resolve(void log.push("run")));
  await promise;
  clearTimeout(alive);
  assertEquals(log, ["run"]);
});

Deno.test("afterAlive() runs once, keeps the process alive until then, and runs not at all when disposed", async () => {
  const log: string[] = [];
  afterAlive(systemClock, 0, () => log.push("disposed"))[Symbol.dispose]();
  // Nothing else keeps the test waiting.
  await new Promise<void>((resolve) => afterAlive(systemClock, 1, resolve));
  assertEquals(log, []);
});
