import type { Loader, TypeToken } from "../contract/loader.ts";

/**
 * The type of binary resources: `mgr.load("noise.bin", Bytes)`.
 *
 * @example
 * ```ts
 * import { Bytes, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "noise.bin": "\0" }) });
 * using noise = mgr.load("noise.bin", Bytes);
 * assertEquals(noise.value.length, 1);
 * ```
 */
export const Bytes: TypeToken<Uint8Array<ArrayBuffer>> = {
  name: "Bytes",
  [Symbol.hasInstance]: (value: unknown): value is Uint8Array<ArrayBuffer> =>
    value instanceof Uint8Array,
};

/**
 * Returns the bytes of a file unchanged, for `.bin` and `.dat`. Built in. O(1).
 *
 * @example
 * ```ts
 * import { Bytes, bytesLoader, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "save.dump": "\0" }),
 *   loaders: [{ ...bytesLoader, name: "dump", extensions: [".dump"] }],
 * });
 * using save = mgr.load("save.dump", Bytes);
 * assertEquals(save.value.length, 1);
 * ```
 */
export const bytesLoader: Loader<Uint8Array<ArrayBuffer>, ".bin" | ".dat"> = {
  name: "bytes",
  extensions: [".bin", ".dat"],
  load: (bytes) => bytes,
};
