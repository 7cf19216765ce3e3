import type { Loader, TypeToken } from "../contract/loader.ts";

/**
 * The type of text resources, whose values are strings: `mgr.load("intro.txt", Text)`.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using hero = mgr.load("hero.txt", Text);
 * assertEquals(hero.value, "@");
 * ```
 */
export const Text: TypeToken<string> = {
  name: "Text",
  [Symbol.hasInstance]: (value: unknown): value is string => typeof value === "string",
};

/** Decodes UTF-8, without its byte order mark. Throws a `TypeError` for bytes that are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/**
 * Reads UTF-8 text, for `.txt`, `.md`, `.csv`, `.xml`, `.glsl`, `.vert`, `.frag` and `.wgsl`. Built in.
 * A load fails if the bytes are not UTF-8. The size of a resource is that of its file in bytes.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text, textLoader } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "hero.ini": "name=Ada" });
 * using mgr = new ResourceManager({
 *   source,
 *   loaders: [{ ...textLoader, name: "ini", extensions: [".ini"] }],
 * });
 * using hero = mgr.load("hero.ini", Text);
 * assertEquals(hero.value, "name=Ada");
 * ```
 */
export const textLoader: Loader<
  string,
  ".txt" | ".md" | ".csv" | ".xml" | ".glsl" | ".vert" | ".frag" | ".wgsl"
> = {
  name: "text",
  extensions: [".txt", ".md", ".csv", ".xml", ".glsl", ".vert", ".frag", ".wgsl"],
  load: (bytes) => decodeText(bytes),
};
