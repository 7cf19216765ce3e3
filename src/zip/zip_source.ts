import { ResourceNotFoundError, typeNameOf } from "../contract/errors.ts";
import { quote } from "../contract/printable.ts";
import type { ReadOptions, Source } from "../contract/source.ts";
import { keysBelow } from "../names/keys_below.ts";
import { normalizeName } from "../names/names.ts";
import { readDirectory, type ZipEntry } from "./directory.ts";
import { readEntry } from "./read_entry.ts";

/**
 * The limits of a {@linkcode ZipSource}.
 *
 * @example
 * ```ts
 * import { ResourceLoadError } from "@holdfast/resources";
 * import { ZipSource, type ZipSourceOptions } from "@holdfast/resources/zip";
 * import { assertThrows } from "@std/assert";
 *
 * const options: ZipSourceOptions = { maxEntryBytes: 10 };
 * const source = new ZipSource(await Deno.readFile("examples/mods.zip"), options);
 * assertThrows(() => source.read("levels/1.json"), ResourceLoadError, "maxEntryBytes is 10");
 * ```
 */
export interface ZipSourceOptions {
  /**
   * How many bytes one entry may have when it is inflated. An entry that says it has more is not read.
   *
   * @default {268_435_456}
   */
  maxEntryBytes?: number;
}

/** 256 MiB. */
const MAX_ENTRY_BYTES = 2 ** 28;

/**
 * The files of a zip archive. The archive is in memory in its compressed form: each read inflates an entry
 * and checks its checksum.
 *
 * The whole archive is refused if it is cut off or one part of a split archive, if two entries have the
 * same name or overlap, or if a name is absolute, leads out of the archive, or has a backslash, a drive
 * or a NUL. A single entry is refused when it is read if it is encrypted, a symbolic link, compressed by
 * a method other than deflate, larger than `maxEntryBytes`, or not as the directory says. Directories
 * are not keys.
 *
 * @example
 * ```ts
 * import { Json, ResourceManager } from "@holdfast/resources";
 * import { ZipSource } from "@holdfast/resources/zip";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new ZipSource(await Deno.readFile("examples/mods.zip"));
 * using mgr = new ResourceManager({ source });
 * using level = mgr.load("levels/1.json", Json);
 * assertEquals(level.value, { width: 80 });
 * ```
 */
export class ZipSource implements Source {
  readonly #archive: Uint8Array;
  readonly #maxEntryBytes: number;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  /**
   * Creates a source for an archive, and reads its directory. Keeps the bytes and does not copy them: do
   * not change them. O(entries log entries).
   *
   * @throws {SyntaxError} The bytes are not a complete zip archive, or it is not safe to read.
   * @throws {TypeError} `archive` is not a `Uint8Array`.
   * @throws {RangeError} `maxEntryBytes` is negative or not a number.
   */
  constructor(archive: Uint8Array, options: ZipSourceOptions = {}) {
    const { maxEntryBytes = MAX_ENTRY_BYTES } = options;
    if (!(archive instanceof Uint8Array)) {
      throw new TypeError(
        "Cannot create a ZipSource: the archive must be a Uint8Array, read the file first: " +
          `received ${typeNameOf(archive)}`,
      );
    }
    if (!(maxEntryBytes >= 0)) {
      throw new RangeError(
        'Cannot create a ZipSource: "maxEntryBytes" must be a number of 0 or more: ' +
          `received ${quote(maxEntryBytes)}`,
      );
    }
    this.#archive = archive;
    this.#maxEntryBytes = maxEntryBytes;
    this.#entries = readDirectory(archive);
  }

  /**
   * Reads an entry: inflates it, and checks its checksum. O(bytes).
   *
   * @throws {ResourceNotFoundError} There is no such entry.
   * @throws {ResourceLoadError} The entry is refused or damaged.
   * @throws {ResourcePathError} `key` is not a valid key, or leads out of the archive.
   *
   * @example
   * ```ts
   * import { ZipSource } from "@holdfast/resources/zip";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new ZipSource(await Deno.readFile("examples/mods.zip"));
   * assertEquals(new TextDecoder().decode(source.read("hero.txt")), "&");
   * ```
   */
  read(key: string): Uint8Array<ArrayBuffer> {
    const entry = this.#entries.get(normalizeName(key));
    if (entry === undefined) {
      throw new ResourceNotFoundError(key, "the archive has no such entry");
    }
    return readEntry(this.#archive, entry, { key, maxBytes: this.#maxEntryBytes });
  }

  /**
   * Reads an entry as {@linkcode ZipSource.read} does, and returns a promise. It still inflates on this
   * thread, before it returns. Rejects with what `read` throws, or with the reason of `signal`.
   * O(bytes).
   *
   * @example
   * ```ts
   * import { ZipSource } from "@holdfast/resources/zip";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new ZipSource(await Deno.readFile("examples/mods.zip"));
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  // deno-lint-ignore require-await
  async readAsync(key: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    options.signal?.throwIfAborted();
    const bytes = this.read(key);
    options.onProgress?.(bytes.length, bytes.length);
    return bytes;
  }

  /**
   * Returns the keys of the entries below `directory`, sorted, including entries that `read` would refuse.
   * With `recursive: false`, only those directly in it. O(entries log entries).
   *
   * @throws {ResourceNotFoundError} There is no such directory. The root always exists.
   * @throws {ResourcePathError} `directory` leads out of the archive.
   *
   * @example
   * ```ts
   * import { ZipSource } from "@holdfast/resources/zip";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new ZipSource(await Deno.readFile("examples/mods.zip"));
   * assertEquals(source.list("levels"), ["levels/1.json"]);
   * ```
   */
  list(directory: string, options: { recursive?: boolean } = {}): string[] {
    return keysBelow(this.#entries.keys(), directory, {
      recursive: options.recursive,
      owner: "the archive",
    });
  }
}
