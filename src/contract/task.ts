import type { Handle } from "./handle.ts";

/**
 * Who goes first when more loads wait than may read at once: what the next frame needs is `"high"`,
 * a preload in the background `"low"`.
 *
 * @example
 * ```ts
 * import { type LoadPriority, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const nextFrame: LoadPriority = "high";
 * using hero = await mgr.loadAsync("hero.txt", Text, { priority: nextFrame });
 * assertEquals(hero.value, "@");
 * ```
 */
export type LoadPriority = "high" | "normal" | "low";

/**
 * How `loadAsync` loads.
 *
 * @example
 * ```ts
 * import { type LoadOptions, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertRejects } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const player = new AbortController();
 * const options: LoadOptions = { signal: player.signal, priority: "low" };
 * const task = mgr.loadAsync("hero.txt", Text, options);
 * player.abort(new Error("left"));
 * await assertRejects(() => task, Error, "left");
 * ```
 */
export interface LoadOptions {
  /** Withdraws this waiter when it aborts. The load itself ends when its last waiter has left. */
  signal?: AbortSignal;
  /**
   * How urgent it is. A load that several wait for is as urgent as the most urgent of them.
   *
   * @default {"normal"}
   */
  priority?: LoadPriority;
}

/**
 * A promise of a handle, and a disposable: leaving its scope withdraws this waiter, or releases the
 * handle. So each of these does what it looks like:
 *
 * - `using tex = await mgr.loadAsync(…)` has the handle until the end of the block,
 * - `using task = mgr.loadAsync(…)` has the load, and later the handle, until the end of the block.
 *
 * @typeParam T The type of the resource's value.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * {
 *   using intro = await mgr.loadAsync("intro.txt", Text);
 *   assertEquals(intro.value, "Hello");
 * }
 * {
 *   using _preload = mgr.loadAsync("intro.txt", Text); // withdrawn if it is not done by then
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export interface LoadTask<T> extends Promise<Handle<T>>, Disposable, AsyncDisposable {}
