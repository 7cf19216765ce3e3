/**
 * Tells a manager the time. Pass a clock of your own to test expiry without waiting.
 *
 * @example A clock that a test moves by hand
 * ```ts
 * import { type Clock, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * let now = 0;
 * let due: (() => void) | undefined;
 * const clock: Clock = {
 *   now: () => now,
 *   after(_ms, run) {
 *     due = run;
 *     return { [Symbol.dispose]: () => due = undefined };
 *   },
 * };
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "intro.txt": "Hello" }),
 *   idle: { maxAge: 5_000 },
 *   clock,
 * });
 * mgr.load("intro.txt", Text)[Symbol.dispose]();
 * now = 5_000;
 * due?.();
 * assertEquals(mgr.has("intro.txt"), false);
 * ```
 */
export interface Clock {
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds, unless the result is disposed first. */
  after(ms: number, run: () => void): Disposable;
}

/** The longest delay of a timer, in milliseconds: a longer one would fire at once. */
export const MAX_DELAY: number = 2 ** 31 - 1;

/** The time of the system. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_DELAY));
    unref(timer);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Like `clock.after`, but keeps the process alive until then. The system clock's timers do not. */
export function afterAlive(clock: Clock, ms: number, run: () => void): Disposable {
  const alive = setInterval(() => {}, MAX_DELAY);
  const timer = clock.after(ms, () => {
    clearInterval(alive);
    run();
  });
  return {
    [Symbol.dispose]() {
      clearInterval(alive);
      timer[Symbol.dispose]();
    },
  };
}

/** A timer is a number in browsers and in older versions of Deno, and an object elsewhere. */
function unref(timer: number | { unref?(): unknown }): void {
  if (typeof timer === "number") globalThis.Deno?.unrefTimer(timer);
  else timer.unref?.();
}
