import { cacheOf } from "../cache/observers.ts";
import type { ResourceManager } from "../manager.ts";
import { leaksOf } from "./inspect.ts";
import { ResourceLeakError } from "./leak_error.ts";

/**
 * Asserts that nobody holds anything of a manager: no handle is open, no `acquire` waits for its
 * `release`, and no leak was reported. What resources hold on each other as dependencies is no leak.
 * O(resident resources, and open handles).
 *
 * @throws {ResourceLeakError} Something is held, or was reported as leaked. The message lists it, with
 * the call sites that `leaks.stacks` captured.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertNoLeaks, ResourceLeakError } from "@holdfast/resources/testing";
 * import { assertThrows } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * {
 *   using _intro = mgr.load("intro.txt", Text);
 *   assertThrows(() => assertNoLeaks(mgr), ResourceLeakError, "intro.txt  Text  1 handle");
 * }
 * assertNoLeaks(mgr);
 * ```
 */
export function assertNoLeaks(manager: ResourceManager): void {
  const leaks = leaksOf(cacheOf(manager));
  if (leaks === undefined) return;
  const error = new ResourceLeakError([leaks]);
  Error.captureStackTrace(error, assertNoLeaks);
  throw error;
}
