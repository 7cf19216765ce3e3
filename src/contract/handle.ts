/**
 * One counted reference to a resource. Its owner gives it back, once, by disposing it;
 * `using` does that at the end of the block, whatever happened in it.
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
   * The resource's value. O(1). Read it when you use it: a reload in place swaps it.
   *
   * @throws {HandleDisposedError} The handle is disposed.
   * @throws {ResourceUnloadedError} The resource was forced out.
   */
  readonly value: T;
  /** The key of the resource. Still there after disposal. */
  readonly key: string;
  /** Whether the reference has been given back. */
  readonly disposed: boolean;
  /** 1, then one more for each reload in place. */
  readonly version: number;
  /**
   * Takes another reference, for another owner. O(1).
   *
   * @throws {HandleDisposedError} The handle is disposed.
   * @throws {ResourceUnloadedError} The resource was forced out.
   * @throws {ManagerDisposedError} The manager is disposed.
   */
  clone(): Handle<T>;
  /**
   * A name for this resource that keeps nothing alive. O(1).
   *
   * @throws {HandleDisposedError} The handle is disposed.
   */
  weak(): WeakHandle<T>;
  /**
   * The key: what `JSON.stringify` writes of a handle, so that a saved game has names. Load by it again
   * when the game is restored. `structuredClone` can't know that, and makes an empty object of a handle.
   */
  toJSON(): string;
  /**
   * Gives the reference back. Later calls do nothing. O(1), and what unloading costs if it was the last.
   *
   * @throws What the resource's unloading throws, if this was the last reference.
   */
  [Symbol.dispose](): void;
}

/**
 * Stands for a resource without keeping it resident.
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
  /** A new handle if that very resource is still resident, idle or live. Never loads. O(1). */
  upgrade(): Handle<T> | undefined;
}
