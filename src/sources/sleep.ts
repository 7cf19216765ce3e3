import { afterAlive, type Clock } from "../contract/clock.ts";
import { onAbort } from "../contract/on_abort.ts";

/** Waits for `ms` milliseconds of `clock`. Rejects when `signal` aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    });
    const timer = afterAlive(clock, ms, () => {
      stopListening();
      resolve();
    });
  });
}
