import { attempt } from "./attempt.ts";
import { isAborted, ManagerDisposedError } from "./errors.ts";

/** How many reasons that are not objects are remembered before they are forgotten. */
const MAX_PRIMITIVES = 100;

/** The reasons for which loads were withdrawn: those of signals may be anything. */
const reasons = /* @__PURE__ */ new WeakSet<object>();
const primitives = /* @__PURE__ */ new Set<unknown>();

/** Notes that a load is withdrawn for `reason`. */
export function noteWithdrawal(reason: unknown): void {
  if (Object(reason) === reason) reasons.add(reason as object);
  else {
    if (primitives.size === MAX_PRIMITIVES) primitives.clear();
    primitives.add(reason);
  }
}

/** Whether a load was withdrawn for just this reason. */
export function isNoted(reason: unknown): boolean {
  return reasons.has(reason as object) || primitives.has(reason);
}

/** What a load rejects with that was withdrawn; `what` is what was to be loaded. */
export function withdrawalOf(what: string, why = "the load was withdrawn"): DOMException {
  return new DOMException(`Cannot load ${what}: ${why}`, "AbortError");
}

/**
 * Whether a load ended because nobody wants it any more, and not because it failed. True for what
 * `loadAsync` and `loadAll` reject with when their task or scope was disposed, their signal aborted,
 * the cache was cleared by force or the manager was disposed; also when they are called after that.
 * An `AbortError` of somebody else, such as `fetch`, counts too. O(1), and never throws.
 *
 * The rejection of such a load never counts as unhandled. A promise that your own `then` or `async`
 * function makes of it is yours to handle.
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
