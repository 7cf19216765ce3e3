/**
 * Writes a module that names every asset of a game, with its size and its hash. The editor then
 * completes names, a misspelt name is a type error, and an `HttpSource` can list files, knows their sizes
 * before it reads them, and refuses files that have changed.
 *
 * ```sh
 * deno run -R -W jsr:@holdfast/resources/manifest ./assets assets.ts
 * ```
 *
 * With `--check` the program writes nothing, and fails if the module is not up to date. Build scripts
 * can call {@linkcode scan} and {@linkcode moduleOf} instead.
 *
 * @example
 * ```ts
 * import { MemorySource } from "@holdfast/resources";
 * import { moduleOf, scan } from "@holdfast/resources/manifest";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const manifest = await scan(new MemorySource({ "chars/hero.txt": "@" })); // or scan("./assets")
 * assertEquals(manifest.files["chars/hero.txt"]!.bytes, 1);
 * assertStringIncludes(moduleOf(manifest), `"chars/hero.txt": { bytes: 1, sha256: "c3641f85`);
 * ```
 *
 * @module
 */
import { main } from "./manifest/program.ts";

export type { Manifest, ManifestFile } from "./contract/manifest.ts";
export { moduleOf, type ModuleOptions } from "./manifest/module.ts";
export { scan, type ScanOptions } from "./manifest/scan.ts";

if (import.meta.main) main(Deno.args).then(Deno.exit);
