import { crc32 } from "../compression/crc32.ts";
import { inflateRaw, MAX_RATIO } from "../compression/inflate.ts";
import { ResourceLoadError } from "../contract/errors.ts";
import { LOCAL_HEADER_SIZE, type ZipEntry } from "./directory.ts";

const LOCAL_HEADER = 0x04034b50;
/** The flags of entries that are encrypted in any way, or whose header is masked. */
const ENCRYPTED = 0x2041;
const STORED = 0;
const DEFLATED = 8;
/** The types of entries that are files: unknown, or a regular file of Unix. */
const FILES = [0, 8];
const LINK = 10;

interface EntryOptions {
  readonly key: string;
  /** How many bytes it may have when it is inflated. */
  readonly maxBytes: number;
}

/**
 * Reads the bytes of an entry into a buffer of their own. O(bytes), and allocates no more than its size.
 *
 * @throws {ResourceLoadError} It is of a kind that is refused, or damaged.
 */
export function readEntry(
  archive: Uint8Array,
  entry: ZipEntry,
  { key, maxBytes }: EntryOptions,
): Uint8Array<ArrayBuffer> {
  const problem = problemOf(entry, maxBytes);
  if (problem !== undefined) throw new ResourceLoadError(key, problem);
  const bytes = entry.method === STORED
    ? new Uint8Array(dataOf(archive, entry, key))
    : inflated(dataOf(archive, entry, key), entry, key);
  if (crc32(bytes) !== entry.crc) {
    throw new ResourceLoadError(key, "it is damaged, its bytes do not match its checksum");
  }
  return bytes;
}

/** Why an entry is refused, as far as the directory says. */
function problemOf(entry: ZipEntry, maxBytes: number): string | undefined {
  const { flags, method, size, compressedSize, type } = entry;
  if ((flags & ENCRYPTED) !== 0) return "it is encrypted, store it without a password";
  if (type === LINK) return "it is a symbolic link, store the file that it leads to";
  if (!FILES.includes(type)) return "it is not a file";
  if (method !== STORED && method !== DEFLATED) {
    return `it is compressed by method ${method}, store or deflate it`;
  }
  if (size > maxBytes) return `it has ${size} bytes, and maxEntryBytes is ${maxBytes}`;
  const isPossible = method === STORED
    ? size === compressedSize
    : size <= compressedSize * MAX_RATIO;
  return isPossible ? undefined : `it is damaged, it cannot have ${size} bytes`;
}

/** The data of an entry, which is between its own header and the next entry. */
function dataOf(archive: Uint8Array, entry: ZipEntry, key: string): Uint8Array {
  const { start, end, compressedSize } = entry;
  const view = new DataView(archive.buffer, archive.byteOffset + start, LOCAL_HEADER_SIZE);
  const first = start + LOCAL_HEADER_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== LOCAL_HEADER || first + compressedSize > end) {
    throw new ResourceLoadError(key, "it is damaged, its header is not in its place");
  }
  return archive.subarray(first, first + compressedSize);
}

function inflated(data: Uint8Array, { size }: ZipEntry, key: string): Uint8Array<ArrayBuffer> {
  const problem = `it is damaged, it does not inflate to its ${size} bytes`;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = inflateRaw(data, size);
  } catch (cause) {
    throw new ResourceLoadError(key, problem, { cause });
  }
  if (bytes.length !== size) throw new ResourceLoadError(key, problem);
  return bytes;
}
