import { cacheOf } from "../cache/managers.ts";
import type { ResourceManager } from "../manager.ts";
import { leaksOf } from "./inspect.ts";
import { ResourceLeakError } from "./leak_error.ts";

/**
 * Asserts that a manager has no open handle, no `acquire` without its `release`, and no reported leak.
 * References between resources, as dependencies, do not count. O(resident resources and open handles).
 *
 * @throws {ResourceLeakError} There is an open handle, an `acquire` without `release`, or a reported leak.
 * The message lists them, with the call sites that `leaks.stacks` captured.
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
