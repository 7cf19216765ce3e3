import type { Cache } from "../cache/cache.ts";
import { type Caller, captureSite } from "../leaks/call_sites.ts";
import { ResourceManager } from "../manager.ts";
import { type ManagerObserver, managerObservers } from "../cache/observers.ts";
import { leaksOf, record } from "./inspect.ts";
import { type ManagerLeaks, ResourceLeakError } from "./leak_error.ts";

/**
 * How {@linkcode trackManagers} watches.
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
   * Captures where each handle is opened, or one in so many, in managers that do not say so
   * themselves.
   *
   * @default {true}
   */
  stacks?: boolean | number;
}

/**
 * Watches over managers until it is disposed. Made by {@linkcode trackManagers}.
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
   * Looks now, and goes on watching.
   *
   * @throws {ResourceLeakError} A manager has open handles or manual references, or reported leaks.
   */
  check(): void;
  /**
   * Looks, and ends. Later calls do nothing.
   *
   * @throws {ResourceLeakError} A manager has open handles or manual references, or reported leaks.
   */
  [Symbol.dispose](): void;
}

/**
 * Watches over every manager that is made from here on. At its end it throws if one of them is left
 * with open handles or manual references, or has reported leaks, whether that was disposed meanwhile
 * or not. So `using _managers = trackManagers();` at the top of a test fails the test that forgets a
 * handle, and says where that was opened.
 *
 * The managers capture call sites, unless they say otherwise, and do not warn of leaks on the console:
 * the error says it. Manual references end with their manager, and are found only if that is left open.
 * The tracker keeps the managers alive until it ends. Its end costs O(resident resources, and open
 * handles).
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { ResourceLeakError, trackManagers } from "@holdfast/resources/testing";
 * import { assertThrows } from "@std/assert";
 *
 * function play() {
 *   using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 *   const intro = mgr.load("intro.txt", Text); // ought to say `using`
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
    ...own,
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

  /** Throws an error that points at the caller of `caller`. */
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
