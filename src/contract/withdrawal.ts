import { attempt } from "./attempt.ts";
import { isAborted, ManagerDisposedError } from "./errors.ts";

/** How many reasons that are not objects are kept before they are forgotten together. */
const MAX_PRIMITIVES = 100;

/** The reasons for which loads were withdrawn. The reason of a signal can be any value. */
const reasons = /* @__PURE__ */ new WeakSet<object>();
const primitives = /* @__PURE__ */ new Set<unknown>();

/** Records that a load was withdrawn for `reason`. */
export function noteWithdrawal(reason: unknown): void {
  if (Object(reason) === reason) reasons.add(reason as object);
  else {
    if (primitives.size === MAX_PRIMITIVES) primitives.clear();
    primitives.add(reason);
  }
}

/** Whether a load was withdrawn for this very reason. */
export function isNoted(reason: unknown): boolean {
  return reasons.has(reason as object) || primitives.has(reason);
}

/** Returns the error with which a withdrawn load of `what` rejects. */
export function withdrawalOf(what: string, why = "the load was withdrawn"): DOMException {
  return new DOMException(`Cannot load ${what}: ${why}`, "AbortError");
}

/**
 * Returns whether `error` means that a load was withdrawn, and not that it failed. `loadAsync` and
 * `loadAll` reject with such an error when their task or scope was disposed, their signal aborted, the
 * cache was cleared by force or the manager was disposed, even if they are called after that. Any other
 * `AbortError`, such as one of `fetch`, counts too. O(1). Never throws.
 *
 * The rejection of such a load never counts as unhandled. You have to handle the promises that your own
 * `then` calls and `async` functions derive from it.
 *
 * @example
 * ```ts
 * import { isWithdrawn, MemorySource, ResourceManager, type ResourceScope, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "map.txt": "#" }) });
 * async function enter(scene: ResourceScope): Promise<string> {
 *   try {
 *     const { map } = await scene.loadAll({ map: ["map.txt", Text] });
 *     return map.value;
 *   } catch (error) {
 *     if (isWithdrawn(error)) return "the player went elsewhere";
 *     throw error;
 *   }
 * }
 * const scene = mgr.scope("level 1");
 * const entering = enter(scene);
 * scene.dispose();
 * assertEquals(await entering, "the player went elsewhere");
 * ```
 */
export function isWithdrawn(error: unknown): boolean {
  return isNoted(error) || isAborted(error) ||
    attempt(() => error instanceof ManagerDisposedError) === true;
}
