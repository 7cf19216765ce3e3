/**
 * The size and the hash of one file, in a {@linkcode Manifest}.
 *
 * @example
 * ```ts
 * import { MemorySource } from "@holdfast/resources";
 * import { type ManifestFile, scan } from "@holdfast/resources/manifest";
 * import { assertEquals } from "@std/assert";
 *
 * const { files } = await scan(new MemorySource({ "hero.txt": "@" }));
 * const hero: ManifestFile = files["hero.txt"]!;
 * assertEquals([hero.bytes, hero.sha256.length], [1, 64]);
 * ```
 */
export interface ManifestFile {
  /** How many bytes the file has. */
  readonly bytes: number;
  /** The SHA-256 of its bytes, as 64 hexadecimal digits in lower case. */
  readonly sha256: string;
}

/**
 * A list of the files that a source had when the list was written, with their sizes and hashes. Write
 * it with the program or the functions of `@holdfast/resources/manifest`.
 *
 * @typeParam K The names of the files.
 *
 * @example
 * ```ts
 * import { HttpSource, type Manifest } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const sha256 = "c3641f8544d7c02f3580b07c0f9887f0c6a27ff5ab1d4a3e29caf197cfc299ae";
 * const manifest: Manifest<"hero.txt"> = { version: 1, files: { "hero.txt": { bytes: 1, sha256 } } };
 * const source = new HttpSource("https://example.com/assets", { manifest });
 * assertEquals(source.size("hero.txt"), 1);
 * ```
 */
export interface Manifest<K extends string = string> {
  /** The version of this format, which is 1. */
  readonly version: number;
  /** The files by their names: paths below the root of the source. */
  readonly files: Readonly<Record<K, ManifestFile>>;
}
