import type { Cache } from "./cache.ts";
import type { LeakOptions } from "../leaks/reporter.ts";

/** Is told of every manager that is made: for tests, which look at all of them at their end. */
export interface ManagerObserver {
  /** What a manager is to do about leaks; `own` is what its maker asked for. */
  leakOptions(own: LeakOptions | undefined): LeakOptions | undefined;
  /** A manager was made. */
  made(cache: Cache): void;
}

/** Empty but in tests. Asked when a manager is made, and never afterwards. */
export const managerObservers: Set<ManagerObserver> = new Set();

/** What all observers make of a manager's leak options. */
export function observedLeakOptions(own: LeakOptions | undefined): LeakOptions | undefined {
  let options = own;
  for (const observer of managerObservers) options = observer.leakOptions(options);
  return options;
}
