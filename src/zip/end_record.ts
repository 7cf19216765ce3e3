import { refuse } from "./refusal.ts";

/** Where the directory of an archive is. */
export interface End {
  readonly start: number;
  readonly end: number;
  /** How many bytes precede the archive, such as a program that extracts it. Offsets do not count them. */
  readonly prefix: number;
  /** How many entries the directory has. */
  readonly count: number;
}

const RECORD = 0x06054b50;
const RECORD_SIZE = 22;
const MAX_COMMENT = 0xffff;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const ZIP64_RECORD = 0x06064b50;
const ZIP64_RECORD_SIZE = 56;

/** Finds the directory, by the record at the end of the archive. O(length of the comment). */
export function findEnd(view: DataView): End {
  const at = findRecord(view);
  const locator = at - ZIP64_LOCATOR_SIZE;
  if (locator >= 0 && view.getUint32(locator, true) === ZIP64_LOCATOR) {
    return readZip64(view, locator);
  }
  const [disk, directoryDisk, here, count] = [4, 6, 8, 10].map((i) => view.getUint16(at + i, true));
  checkDisks([disk!, directoryDisk!, here!, count!]);
  return endOf(at, count!, [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]);
}

/** The offset of the last record whose comment ends where the bytes end. */
function findRecord(view: DataView): number {
  const last = view.byteLength - RECORD_SIZE;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    const isRecord = view.getUint32(at, true) === RECORD;
    if (isRecord && view.getUint16(at + 20, true) === last - at) return at;
  }
  return refuse("it is not a zip archive, or the end of it is missing");
}

/** Reads the record of large archives, which is in front of its locator. */
function readZip64(view: DataView, locator: number): End {
  const at = locator - ZIP64_RECORD_SIZE;
  if (at < 0 || view.getUint32(at, true) !== ZIP64_RECORD) {
    refuse("its ZIP64 record is not in its place");
  }
  const [here, count, size, offset] = [24, 32, 40, 48]
    .map((i) => Number(view.getBigUint64(at + i, true)));
  const disks = [16, 20].map((i) => view.getUint32(at + i, true));
  checkDisks([...disks, here!, count!]);
  return endOf(at, count!, [size!, offset!]);
}

function checkDisks([disk, directoryDisk, here, count]: readonly number[]): void {
  if (disk !== 0 || directoryDisk !== 0 || here !== count) {
    refuse("it is one part of a split archive");
  }
}

/** The directory ends where the record begins. If it starts later than its offset says, there is a prefix. */
function endOf(end: number, count: number, [size, offset]: readonly [number, number]): End {
  const start = end - size;
  const prefix = start - offset;
  if (!(prefix >= 0)) refuse("its directory is not in it: bytes are missing");
  return { start, end, prefix, count };
}
