import { messageOf } from "../contract/errors.ts";
import { quote } from "../contract/printable.ts";
import { normalizeName } from "../names/names.ts";
import { entryName } from "./entry_name.ts";
import { findEnd } from "./end_record.ts";
import { refuse } from "./refusal.ts";

/** An entry as the archive's directory describes it. Its data may not match that. */
export interface ZipEntry {
  readonly flags: number;
  /** How its data is compressed. */
  readonly method: number;
  /** The checksum of its bytes. */
  readonly crc: number;
  /** How many bytes it has in the archive, and how many when they are inflated. */
  readonly compressedSize: number;
  readonly size: number;
  /** What kind of file it is on Unix; 0 if the directory does not say. */
  readonly type: number;
  /** The offset of its own header, and that of the next entry or of the directory. */
  readonly start: number;
  end: number;
}

const HEADER = 0x02014b50;
const HEADER_SIZE = 46;
/** The header in front of an entry's data has at least this many bytes. */
export const LOCAL_HEADER_SIZE = 30;
const UTF_8 = 0x800;
/** Stands in the place of a value that is in the ZIP64 field. */
const IS_ELSEWHERE = 0xffffffff;
const ZIP64_FIELD = 1;

/**
 * Reads the entries of an archive, by their keys, without directories. O(entries log entries).
 *
 * @throws {SyntaxError} It is not a complete archive, or not safe to read.
 */
export function readDirectory(bytes: Uint8Array): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { start, end, prefix, count } = findEnd(view);
  const keys = new Map<string, ZipEntry>();
  const entries: ZipEntry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const next = endOfHeader(view, at, end);
    const entry = entryAt(view, at, prefix);
    entries.push(entry);
    addKey(keys, bytes.subarray(at + HEADER_SIZE, endOfName(view, at)), entry);
    at = next;
  }
  if (at !== end) refuse("its directory has more bytes than its entries");
  separate(entries, start);
  return keys;
}

/** The offset of the end of the header at `at`. Refuses one that does not end before `end`. */
function endOfHeader(view: DataView, at: number, end: number): number {
  if (at + HEADER_SIZE > end || view.getUint32(at, true) !== HEADER) {
    refuse("its directory is broken, or has fewer entries than it says");
  }
  const next = endOfName(view, at) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  return next <= end ? next : refuse("its directory is broken");
}

/** The offset of the end of the name in the header at `at`: extra fields and a comment follow it. */
function endOfName(view: DataView, at: number): number {
  return at + HEADER_SIZE + view.getUint16(at + 28, true);
}

function entryAt(view: DataView, at: number, prefix: number): ZipEntry {
  const wide = zip64Values(view, at);
  const size = valueAt(view, at + 24, wide);
  const compressedSize = valueAt(view, at + 20, wide);
  const offset = valueAt(view, at + 42, wide);
  return {
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    compressedSize,
    size,
    type: view.getUint8(at + 41) >>> 4,
    start: prefix + offset,
    end: 0,
  };
}

/** A value of a header, or the next one of its ZIP64 field. */
function valueAt(view: DataView, at: number, wide: number[]): number {
  const value = view.getUint32(at, true);
  return value === IS_ELSEWHERE ? wide.shift() ?? value : value;
}

/** The values in the ZIP64 field of a header: those that do not fit into 32 bits. */
function zip64Values(view: DataView, at: number): number[] {
  const first = endOfName(view, at);
  const end = first + view.getUint16(at + 30, true);
  for (let field = first; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== ZIP64_FIELD) continue;
    const values: number[] = [];
    const last = Math.min(end, field + 4 + view.getUint16(field + 2, true));
    for (let value = field + 4; value + 8 <= last; value += 8) {
      values.push(Number(view.getBigUint64(value, true)));
    }
    return values;
  }
  return [];
}

/** Adds an entry by its key, unless it is a directory. */
function addKey(keys: Map<string, ZipEntry>, nameBytes: Uint8Array, entry: ZipEntry): void {
  const key = keyOf(nameBytes, entry);
  if (key === undefined) return;
  if (keys.has(key)) refuse(`it has two entries with the name ${quote(key)}`);
  keys.set(key, entry);
}

function keyOf(nameBytes: Uint8Array, { flags }: ZipEntry): string | undefined {
  try {
    const name = entryName(nameBytes, (flags & UTF_8) !== 0);
    return name.endsWith("/") ? undefined : normalizeName(name);
  } catch (error) {
    return refuse(`the name of one of its entries is not allowed: ${messageOf(error)}`, error);
  }
}

/** Gives each entry the bytes up to the next one, and refuses those that overlap. */
function separate(entries: readonly ZipEntry[], end: number): void {
  let next = end;
  for (const entry of entries.toSorted((a, b) => b.start - a.start)) {
    entry.end = next;
    if (!(entry.start + LOCAL_HEADER_SIZE + entry.compressedSize <= next)) {
      refuse("its entries overlap, or lie outside of it");
    }
    next = entry.start;
  }
}
