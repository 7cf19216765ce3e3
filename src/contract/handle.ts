/**
 * A counted reference to a resource. Disposing the handle releases the reference; `using` does that at
 * the end of the block, even if the block throws.
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
 *   using intro = mgr.load("intro.txt", Text);
 *   assertEquals(intro.value, "Hello");
 * }
 * assertEquals(mgr.has("intro.txt"), false);
 * ```
 */
export interface Handle<T> extends Disposable {
  /**
   * The resource's value. O(1). Read it when you use it: a reload in place replaces it.
   *
   * @throws {HandleDisposedError} The handle is disposed.
   * @throws {ResourceUnloadedError} The resource was unloaded by force, or its manager is disposed.
   */
  readonly value: T;
  /** The key of the resource. It can still be read after disposal. */
  readonly key: string;
  /** Whether the handle was disposed, which released the reference. */
  readonly disposed: boolean;
  /** The version of the value: 1, and one more after each reload in place. */
  readonly version: number;
  /**
   * Returns another handle with a reference of its own, for another owner. O(1).
   *
   * @throws {HandleDisposedError} The handle is disposed.
   * @throws {ResourceUnloadedError} The resource was unloaded by force.
   * @throws {ManagerDisposedError} The manager is disposed.
   *
   * @example Keep a resource for longer than the block that loads it
   * ```ts
   * import { type Handle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
   * let kept: Handle<string>;
   * {
   *   using intro = mgr.load("intro.txt", Text);
   *   kept = intro.clone();
   * }
   * assertEquals(kept.value, "Hello");
   * kept[Symbol.dispose]();
   * assertEquals(mgr.has("intro.txt"), false);
   * ```
   */
  clone(): Handle<T>;
  /**
   * Returns a weak handle, which does not keep the resource resident. O(1).
   *
   * @throws {HandleDisposedError} The handle is disposed.
   */
  weak(): WeakHandle<T>;
  /**
   * Returns the key. `JSON.stringify` calls it, so a saved game contains keys: load them when the game
   * is restored. `structuredClone` turns a handle into an empty object. O(1).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hat.txt": "^" }) });
   * using hat = mgr.load("hat.txt", Text);
   * assertEquals(JSON.stringify({ hat }), '{"hat":"hat.txt"}');
   * ```
   */
  toJSON(): string;
  /**
   * Releases the reference. Later calls do nothing. O(1), plus the cost of unloading if this was the
   * last reference.
   *
   * @throws What the resource's unloading throws, if this was the last reference.
   */
  [Symbol.dispose](): void;
}

/**
 * Refers to a resource without keeping it resident.
 *
 * @typeParam T The type of the resource's value.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text, type WeakHandle } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * let weak: WeakHandle<string>;
 * {
 *   using intro = mgr.load("intro.txt", Text);
 *   weak = intro.weak();
 *   using again = weak.upgrade();
 *   assertEquals(again?.value, "Hello");
 * }
 * assertEquals(weak.upgrade(), undefined);
 * ```
 */
export interface WeakHandle<T> {
  /** The key of the resource. */
  readonly key: string;
  /**
   * Returns a new handle if this very resource is still resident, idle or live; otherwise `undefined`.
   * Never loads. O(1).
   */
  upgrade(): Handle<T> | undefined;
}
