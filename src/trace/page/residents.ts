import type { Row } from "./row.ts";

/** A resource that is in memory at a moment. */
export interface Resident {
  readonly row: Row;
  readonly bytes: number;
  readonly references: number;
}

/** The resources in memory at `time`, the largest first. O(rows · log changes). */
export function residentsAt(rows: readonly Row[], time: number): Resident[] {
  const residents: Resident[] = [];
  for (const row of rows) {
    const references = row.countAt(time);
    if (references >= 0) residents.push({ row, bytes: row.bytesAt(time), references });
  }
  return residents.sort((a, b) => b.bytes - a.bytes || a.row.number - b.row.number);
}

/** A resource that differs between two moments. */
export interface Difference {
  readonly row: Row;
  /** The bytes that it has more at the later moment. */
  readonly bytes: number;
}

/** The differences between two moments. */
export interface Comparison {
  readonly came: readonly Difference[];
  readonly went: readonly Difference[];
  /** Those that are in memory at both moments, with other bytes. */
  readonly changed: readonly Difference[];
  /** The sum of the differences in bytes. */
  readonly bytes: number;
}

/** Compares what is in memory at `then` and at `now`. O(rows · log changes). */
export function compare(rows: readonly Row[], then: number, now: number): Comparison {
  const came: Difference[] = [];
  const went: Difference[] = [];
  const changed: Difference[] = [];
  let total = 0;
  for (const row of rows) {
    const was = row.countAt(then) >= 0;
    const is = row.countAt(now) >= 0;
    const bytes = row.bytesAt(now) - row.bytesAt(then);
    total += bytes;
    if (is && !was) came.push({ row, bytes });
    else if (was && !is) went.push({ row, bytes });
    else if (bytes !== 0) changed.push({ row, bytes });
  }
  const largest = (a: Difference, b: Difference) => Math.abs(b.bytes) - Math.abs(a.bytes);
  came.sort(largest);
  went.sort(largest);
  changed.sort(largest);
  return { came, went, changed, bytes: total };
}
