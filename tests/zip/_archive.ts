/** Makes zip archives by hand: valid ones, and ones that no program makes. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../src/compression/crc32.ts";

export interface Entry {
  readonly name: string | Uint8Array;
  readonly data?: string | Uint8Array;
  /** 8 by default: deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** What the directory says, if that is not true. */
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly offset?: number;
  /** The upper half of the external attributes: a mode of Unix. */
  readonly mode?: number;
  /** The bytes in the archive, if they are not `data` compressed by `method`. */
  readonly raw?: Uint8Array;
  /** Writes the sizes and the offset into a ZIP64 field. */
  readonly zip64?: boolean;
  /** Writes the sizes behind the data instead of in front of it. */
  readonly descriptor?: boolean;
}

export interface ArchiveOptions {
  readonly prefix?: Uint8Array;
  readonly comment?: string;
  /** How many entries there are, by the record at the end. */
  readonly count?: number;
  readonly zip64?: boolean;
  readonly disk?: number;
}

const encoder = new TextEncoder();

/** A number of 2, 4 or 8 bytes, or bytes. */
type Part = readonly [value: number, bytes: 2 | 4 | 8] | Uint8Array;

export function pack(...parts: Part[]): Uint8Array<ArrayBuffer> {
  return join(parts.map((part) => {
    if (part instanceof Uint8Array) return part;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(part[0]), true);
    return bytes.subarray(0, part[1]);
  }));
}

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

/** Makes the two parts of an entry: its header with its data, and its part of the directory. */
function partsOf(entry: Entry, at: number): [Uint8Array, Uint8Array] {
  const [name, data] = [bytesOf(entry.name), bytesOf(entry.data ?? "")];
  const method = entry.method ?? 8;
  const raw = entry.raw ?? (method === 8 ? new Uint8Array(deflateRawSync(data)) : data);
  const flags = (entry.flags ?? 0x800) | (entry.descriptor ? 8 : 0);
  const sums = [entry.crc ?? crc32(data), entry.compressedSize ?? raw.length] as const;
  const [[crc, compressed], size] = [sums, entry.size ?? data.length];
  const own: Part[] = entry.descriptor ? [[0, 4], [0, 4], [0, 4]] : [
    [crc, 4],
    [raw.length, 4],
    [data.length, 4],
  ];
  const local = pack(
    ...[[0x04034b50, 4], [20, 2], [flags, 2], [method, 2], [0, 2], [0, 2]] as Part[],
    ...own,
    ...[[name.length, 2], [0, 2], name, raw] as Part[],
    ...(entry.descriptor ? [[0x08074b50, 4], [crc, 4], [raw.length, 4], [size, 4]] as Part[] : []),
  );
  const offset = entry.offset ?? at;
  const extra = entry.zip64
    ? pack([0x7777, 2], [1, 2], Uint8Array.of(0), [1, 2], [24, 2], [size, 8], [compressed, 8], [
      offset,
      8,
    ])
    : new Uint8Array();
  const short = (value: number): Part => [entry.zip64 ? 0xffffffff : value, 4];
  const header = pack(
    ...[[0x02014b50, 4], [0x0314, 2], [20, 2], [flags, 2], [method, 2], [0, 4]] as Part[],
    ...[[crc, 4], short(compressed), short(size), [name.length, 2], [extra.length, 2]] as Part[],
    ...[[0, 2], [0, 2], [0, 2], [0, 2], [entry.mode ?? 0, 2], short(offset), name] as Part[],
    extra,
  );
  return [local, header];
}

/** Makes an archive of `entries`. */
export function archive(
  entries: readonly Entry[],
  options: ArchiveOptions = {},
): Uint8Array<ArrayBuffer> {
  const { prefix = new Uint8Array(), comment = "", zip64 = false, disk = 0 } = options;
  const [locals, headers]: Uint8Array[][] = [[], []];
  let at = 0;
  for (const entry of entries) {
    const [local, header] = partsOf(entry, at);
    locals!.push(local);
    headers!.push(header);
    at += local.length;
  }
  const directory = join(headers!);
  const count = options.count ?? entries.length;
  const large = zip64
    ? pack(
      ...[[0x06064b50, 4], [44, 8], [45, 2], [45, 2], [disk, 4], [0, 4], [count, 8]] as Part[],
      ...[[count, 8], [directory.length, 8], [at, 8]] as Part[],
      ...[[0x07064b50, 4], [0, 4], [at + directory.length, 8], [1, 4]] as Part[],
    )
    : new Uint8Array();
  const short = (
    value: number,
    bytes: 2 | 4,
  ): Part => [zip64 ? 2 ** (8 * bytes) - 1 : value, bytes];
  const end = pack(
    ...[[0x06054b50, 4], [disk, 2], [0, 2], short(count, 2), short(count, 2)] as Part[],
    ...[short(directory.length, 4), short(at, 4), [bytesOf(comment).length, 2]] as Part[],
    bytesOf(comment),
  );
  return join([prefix, ...locals!, directory, large, end]);
}
