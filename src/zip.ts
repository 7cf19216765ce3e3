/**
 * Reads resources from a zip archive: a pack of mods, or a whole game in one file. Read the archive
 * yourself, from a file or a server, and pass its bytes:
 *
 * @example
 * ```ts
 * import { LayeredSource, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { ZipSource } from "@holdfast/resources/zip";
 * import { assertEquals } from "@std/assert";
 *
 * const mods = new ZipSource(await Deno.readFile("examples/mods.zip"));
 * const base = new MemorySource({ "hero.txt": "@", "orc.txt": "o" });
 * using mgr = new ResourceManager({ source: new LayeredSource([mods, base]) });
 * using hero = mgr.load("hero.txt", Text);
 * using orc = mgr.load("orc.txt", Text);
 * assertEquals([hero.value, orc.value], ["&", "o"]);
 * ```
 *
 * @module
 */
export { ZipSource, type ZipSourceOptions } from "./zip/zip_source.ts";
