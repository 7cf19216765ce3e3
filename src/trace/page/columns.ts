import { ABSENT } from "./row.ts";
import { countUpTo, itself } from "./search.ts";
import type { Extent, Track } from "./track.ts";

/** The time that columns of pixels stand for. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Nothing is known from here on. */
  readonly end?: number;
}

/** Gets what a track has in the columns from `left` to before `right`, which are alike. */
export type ColumnVisitor = (left: number, right: number, extent: Readonly<Extent>) => void;

/**
 * Visits what `track` has in each of `width` columns, from the left; what it had before counts for
 * the column in which it ends. O(columns · log changes).
 */
export function eachColumn(
  track: Track,
  { from, to, end = Infinity, width }: Span & { readonly width: number },
  visit: ColumnVisitor,
): void {
  const { times, values } = track;
  const scale = width / (to - from);
  const extent: Extent = { high: 0, low: 0, zero: false };
  const columns = Math.min(width, Math.max(0, Math.ceil((end - from) * scale)));
  let place = track.at(from);
  let x = place === -1 ? columnOf(times[place = 0]) : 0;
  function columnOf(time = Infinity): number {
    return Math.min(columns, Math.floor((time - from) * scale));
  }
  while (x < columns) {
    const next = columnOf(times[place + 1]);
    if (next > x) {
      // Nothing changes before the column `next`.
      extent.high = extent.low = values[place]!;
      extent.zero = extent.high === 0;
      visit(x, next, extent);
      x = next;
    } else {
      const after = countUpTo(times, from + (x + 1) / scale, itself, place + 1);
      let last = Math.max(place + 1, after - 1);
      if (columnOf(times[last]) > x) last--;
      track.measure(place, last + 1, extent);
      visit(x, x + 1, extent);
      place = last;
      x++;
    }
  }
}

/** What a row has in each column of pixels. One is made, and used for every row. */
export class Columns {
  /** The most references, or {@linkcode ABSENT}. */
  readonly high: Int32Array;
  /** The fewest, or {@linkcode ABSENT}. */
  readonly low: Int32Array;
  /** Whether it is idle in some of it. */
  readonly idle: Uint8Array;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
    this.high = new Int32Array(width);
    this.low = new Int32Array(width);
    this.idle = new Uint8Array(width);
  }

  /** Looks what the counts of a row are in a span. */
  fill(counts: Track, span: Span): void {
    const { high, low, idle } = this;
    high.fill(ABSENT);
    low.fill(ABSENT);
    idle.fill(0);
    eachColumn(counts, { ...span, width: this.#width }, (left, right, extent) => {
      high.fill(extent.high, left, right);
      low.fill(extent.low, left, right);
      if (extent.zero) idle.fill(1, left, right);
    });
  }
}

/** The greatest value of a track in each column of pixels; 0 where there is none. */
export function peaksOf(track: Track, span: Span, width: number): Float64Array {
  const peaks = new Float64Array(width);
  eachColumn(track, { ...span, width }, (left, right, { high }) => peaks.fill(high, left, right));
  return peaks;
}
