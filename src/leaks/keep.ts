/**
 * Marks a handle as kept on purpose, in a field or a registry: strict mode then does not report it
 * as forgotten. Whoever keeps it still has to dispose it. O(1), and nothing outside of strict mode.
 *
 * @returns The handle.
 *
 * @example
 * ```ts
 * import { type Handle, keep, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Credits implements Disposable {
 *   readonly #text: Handle<string>;
 *   constructor(mgr: ResourceManager) {
 *     this.#text = keep(mgr.load("credits.txt", Text));
 *   }
 *   [Symbol.dispose]() {
 *     this.#text[Symbol.dispose]();
 *   }
 * }
 * const source = new MemorySource({ "credits.txt": "You" });
 * using mgr = new ResourceManager({ source, leaks: { strict: true } });
 * {
 *   using _credits = new Credits(mgr);
 *   assertEquals(mgr.size, 1);
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export function keep<H extends Disposable>(handle: H): H {
  void handle[Symbol.dispose]; // To read it is what `using` and stacks do when they take a handle.
  return handle;
}
