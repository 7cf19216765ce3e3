import type { Cache } from "../cache/cache.ts";
import { type Caller, captureSite } from "../leaks/call_sites.ts";
import { ResourceManager } from "../manager.ts";
import { type ManagerObserver, managerObservers } from "../cache/managers.ts";
import { leaksOf, record } from "./inspect.ts";
import { type ManagerLeaks, ResourceLeakError } from "./leak_error.ts";

/**
 * How {@linkcode trackManagers} watches managers.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { trackManagers, type TrackManagersOptions } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const options: TrackManagersOptions = { stacks: false }; // faster, for a test of many loads
 * using _managers = trackManagers(options);
 * using mgr = new ResourceManager();
 * using hero = mgr.add("hero", "@");
 * assertEquals(hero.value, "@");
 * ```
 */
export interface TrackManagersOptions {
  /**
   * Whether to capture where handles are opened: a number `n` captures one in `n`. Managers with
   * `leaks.stacks` of their own keep it.
   *
   * @default {true}
   */
  stacks?: boolean | number;
}

/**
 * Watches managers until it is disposed. Made by {@linkcode trackManagers}.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { type ManagerTracker, ResourceLeakError, trackManagers } from "@holdfast/resources/testing";
 * import { assertThrows } from "@std/assert";
 *
 * using tracker: ManagerTracker = trackManagers();
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * {
 *   using _hero = mgr.load("hero.txt", Text);
 *   assertThrows(() => tracker.check(), ResourceLeakError);
 * }
 * tracker.check();
 * ```
 */
export interface ManagerTracker extends Disposable {
  /**
   * Checks all managers now, and goes on watching. O(resident resources and open handles).
   *
   * @throws {ResourceLeakError} A manager has open handles or manual references, or reported leaks.
   */
  check(): void;
  /**
   * Checks all managers, and stops watching. Later calls do nothing.
   *
   * @throws {ResourceLeakError} A manager has open handles or manual references, or reported leaks.
   */
  [Symbol.dispose](): void;
}

/**
 * Watches every manager that is created from now on. When the result is disposed, it throws a
 * {@linkcode ResourceLeakError} if one of them has open handles or manual references, or has reported
 * leaks, even if that manager was disposed. So `using _managers = trackManagers();` at the top of a test
 * fails the test if it forgets a handle, and says where the handle was opened.
 *
 * The managers capture call sites, unless their options say otherwise, and do not warn about leaks on
 * the console, because the error reports them. Manual references end with their manager, so they are
 * found only before the manager is disposed. The tracker keeps the managers alive until it is disposed.
 * Disposing it costs O(resident resources and open handles).
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { ResourceLeakError, trackManagers } from "@holdfast/resources/testing";
 * import { assertThrows } from "@std/assert";
 *
 * function play() {
 *   using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 *   const intro = mgr.load("intro.txt", Text); // should be `using`
 *   return intro.value.length;
 * }
 * assertThrows(() => {
 *   using _managers = trackManagers();
 *   play();
 * }, ResourceLeakError, "at play");
 * ```
 */
export function trackManagers(options: TrackManagersOptions = {}): ManagerTracker {
  return new Tracker(options.stacks ?? true);
}

class Tracker implements ManagerTracker, ManagerObserver {
  /** The managers, and where they were made. */
  readonly #managers = new Map<Cache, string>();
  readonly #stacks: boolean | number;

  constructor(stacks: boolean | number) {
    this.#stacks = stacks;
    managerObservers.add(this);
  }

  leakOptions: ManagerObserver["leakOptions"] = (own) => ({
    ...(!own?.strict && { stacks: this.#stacks }), // a strict manager captures them anyway
    onLeak: () => {},
    ...own, // With `onLeak: undefined`, a manager still warns on the console.
  });

  made(cache: Cache): void {
    record(cache);
    const { stack } = captureSite(ResourceManager as unknown as Caller);
    this.#managers.set(cache, stack);
  }

  check(): void {
    this.#check(Tracker.prototype.check);
  }

  [Symbol.dispose](): void {
    if (!managerObservers.delete(this)) return;
    try {
      this.#check(Tracker.prototype[Symbol.dispose]);
    } finally {
      this.#managers.clear();
    }
  }

  /** Throws an error whose stack begins at the caller of `caller`. */
  #check(caller: Caller): void {
    const found: ManagerLeaks[] = [];
    for (const [cache, site] of this.#managers) {
      const leaks = leaksOf(cache);
      if (leaks !== undefined) found.push({ ...leaks, site });
    }
    if (found.length === 0) return;
    const error = new ResourceLeakError(found);
    Error.captureStackTrace(error, caller);
    throw error;
  }
}
