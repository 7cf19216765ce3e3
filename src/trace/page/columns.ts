import { ABSENT } from "./row.ts";
import { countUpTo, itself } from "./search.ts";
import type { Extent, Track } from "./track.ts";

/** The time that columns of pixels stand for. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** The end of the trace: later columns are empty. */
  readonly end?: number;
}

/**
 * Receives the values of a track in the columns from `left` to before `right`, which are all the
 * same.
 */
type ColumnVisitor = (left: number, right: number, extent: Readonly<Extent>) => void;

/**
 * Visits the values of `track` in each of `width` columns, from the left. A value also counts in
 * the column in which it ends. O(columns · log changes).
 */
function eachColumn(
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

/** The counts of a row in each column of pixels. One object is reused for all rows. */
export class Columns {
  /** The most references, or {@linkcode ABSENT}. */
  readonly high: Int32Array;
  /** The fewest, or {@linkcode ABSENT}. */
  readonly low: Int32Array;
  /** 1 where the resource is idle at some time in the column. */
  readonly idle: Uint8Array;
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
    this.high = new Int32Array(width);
    this.low = new Int32Array(width);
    this.idle = new Uint8Array(width);
  }

  /** Reads the counts of a row within `span`. */
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

/** The highest value of a track in each column of pixels; 0 where it has none. */
export function peaksOf(track: Track, span: Span, width: number): Float64Array {
  const peaks = new Float64Array(width);
  eachColumn(track, { ...span, width }, (left, right, { high }) => peaks.fill(high, left, right));
  return peaks;
}
