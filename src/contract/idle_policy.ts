/**
 * What happens to a resource that nothing references any more: it is unloaded at once, or kept. An
 * object keeps it within limits: `maxAge` is how long it may be idle, in milliseconds, and `maxEntries`
 * how many may be idle at once. Without a limit there is none.
 *
 * @example
 * ```ts
 * import { type IdlePolicy, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const idle: IdlePolicy = { maxEntries: 1 };
 * using mgr = new ResourceManager({ source: new MemorySource({ "1.txt": "I", "2.txt": "II" }), idle });
 * mgr.load("1.txt", Text)[Symbol.dispose]();
 * mgr.load("2.txt", Text)[Symbol.dispose]();
 * assertEquals([mgr.has("1.txt"), mgr.has("2.txt")], [false, true]);
 * ```
 */
export type IdlePolicy = "unload" | "keep" | { maxAge?: number; maxEntries?: number };
