import { ResourceNotFoundError, typeNameOf } from "../contract/errors.ts";
import type { Manifest, ManifestFile } from "../contract/manifest.ts";
import type { Source } from "../contract/source.ts";
import { sha256Of } from "../names/hash.ts";
import { isFileName } from "../names/manifest.ts";
import { FileSource } from "../sources/file.ts";
import { byName } from "./module.ts";

/** How many files are read at the same time. */
const MAX_READS = 16;

/**
 * Which files {@linkcode scan} leaves out.
 *
 * @example
 * ```ts
 * import { MemorySource } from "@holdfast/resources";
 * import { scan, type ScanOptions } from "@holdfast/resources/manifest";
 * import { assertEquals } from "@std/assert";
 *
 * const skipped: string[] = [];
 * const options: ScanOptions = {
 *   filter: (name) => !name.endsWith(".psd"),
 *   onSkip: (name) => skipped.push(name),
 * };
 * const source = new MemorySource({ "hero.png": "", "hero.psd": "", "who?.png": "" });
 * const { files } = await scan(source, options);
 * assertEquals([Object.keys(files), skipped], [["hero.png"], ["who?.png"]]);
 * ```
 */
export interface ScanOptions {
  /**
   * Returns whether to include the file with this name.
   *
   * @default {() => true}
   */
  filter?(name: string): boolean;
  /**
   * Called for each file that has to be left out although `filter` includes it, with its name and the
   * reason.
   *
   * @default {undefined} Such files are left out silently.
   */
  onSkip?(name: string, reason: string): void;
}

/**
 * Returns a manifest of the files of a source or of a directory. Reads each file for its size in bytes
 * and its hash. The names are sorted. O(bytes); at most 16 files are in memory at once.
 *
 * Files and directories whose names begin with a dot are left out. So are files that cannot be loaded
 * because their names have a `?`, a `#` or a backslash, and files that disappear meanwhile.
 *
 * @throws {TypeError} The source cannot list, or cannot read, or the URL is not a file URL.
 * @throws {ResourceLoadError} A file, or the directory, cannot be read.
 *
 * @example
 * ```ts
 * import { scan } from "@holdfast/resources/manifest";
 * import { assertEquals } from "@std/assert";
 *
 * const { files } = await scan("src/loaders");
 * assertEquals(files["text.ts"]!.bytes, Deno.statSync("src/loaders/text.ts").size);
 * ```
 */
export async function scan(
  source: Source | string | URL,
  options: ScanOptions = {},
): Promise<Manifest> {
  const from = typeof source === "string" || source instanceof URL
    ? new FileSource(source)
    : source;
  const entries: [name: string, file: ManifestFile][] = [];
  const queue = sharedQueue(namesOf(from, options));
  const work = async () => {
    for (const name of queue) {
      const file = await describe(from, name, options);
      if (file !== undefined) entries.push([name, file]);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: MAX_READS }, work));
  const failure = workers.find((each) => each.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  // It defines own properties: a file may be called __proto__.
  return { version: 1, files: Object.fromEntries(entries.sort(byName)) };
}

/** The names of all files that are wanted. */
function namesOf(source: Source, { filter, onSkip }: ScanOptions): string[] {
  if (typeof source?.list !== "function") {
    const what = typeNameOf(source);
    throw new TypeError(
      `Cannot scan a source of type ${what}: it cannot list, use a directory or a source with list()`,
    );
  }
  return [...new Set(source.list("", { recursive: true }))].filter((name) => {
    if (/(^|\/)\./.test(name) || filter?.(name) === false) return false;
    const isLoadable = isFileName(name);
    if (!isLoadable) onSkip?.(name, "nothing can be loaded by such a name, rename it");
    return isLoadable;
  });
}

/** Names for several loops that share it: when one of them throws, the generator ends for all. */
function* sharedQueue(names: Iterable<string>): Generator<string> {
  yield* names;
}

/** The size and the hash of a file, or `undefined` if it no longer exists. */
async function describe(
  source: Source,
  name: string,
  { onSkip }: ScanOptions,
): Promise<ManifestFile | undefined> {
  try {
    const bytes = await read(source, name);
    return { bytes: bytes.length, sha256: await sha256Of(bytes) };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundError)) throw error;
    onSkip?.(name, "it no longer exists");
    return undefined;
  }
}

function read(
  source: Source,
  name: string,
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  if (source.readAsync !== undefined) return source.readAsync(name);
  if (source.read !== undefined) return source.read(name);
  throw new TypeError("Cannot scan the source: it has neither read nor readAsync");
}
