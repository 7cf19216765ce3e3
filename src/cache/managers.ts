import type { LeakOptions } from "../contract/options.ts";
import type { Cache } from "./cache.ts";

/** Is called for each new manager: a test checks all of its managers when it ends. */
export interface ManagerObserver {
  /** Returns the leak options of a new manager; `own` are those that it was created with. */
  leakOptions(own: LeakOptions | undefined): LeakOptions | undefined;
  /** A manager was created. */
  made(cache: Cache): void;
}

/** Used only when a manager is created. Empty outside of tests. */
export const managerObservers: Set<ManagerObserver> = new Set();

const caches = new WeakMap<object, Cache>();

/** Returns the cache of a manager, for the other entry points of this package. */
export function cacheOf(manager: object): Cache {
  return caches.get(manager)!;
}

/** Stores the cache of a new manager for {@linkcode cacheOf}, and calls the observers. */
export function announce(manager: object, cache: Cache): void {
  caches.set(manager, cache);
  for (const observer of managerObservers) observer.made(cache);
}

/** Returns the leak options of a new manager, as the observers change them. */
export function observedLeakOptions(own: LeakOptions | undefined): LeakOptions | undefined {
  let options = own;
  for (const observer of managerObservers) options = observer.leakOptions(options);
  return options;
}
