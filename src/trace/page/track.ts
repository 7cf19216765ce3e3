import { countUpTo, itself } from "./search.ts";

/** How many entries of a level one entry of the next level summarises. */
const BLOCK = 16;

/** The range of the values in a part of a track. */
export interface Extent {
  high: number;
  low: number;
  /** Whether any value is 0. */
  zero: boolean;
}

/** Summaries, each of {@linkcode BLOCK} entries of the level below. */
interface Level {
  readonly highs: number[];
  readonly lows: number[];
  readonly zeros: boolean[];
}

/**
 * A number over time. Values are only added at the end. Levels of summaries give the highest and
 * the lowest value of any part in O(log n), so that a frame does not cost more when more was
 * recorded.
 */
export class Track {
  readonly times: number[] = [];
  readonly values: number[] = [];
  readonly #levels: Level[] = [];
  #peak = -Infinity;

  get length(): number {
    return this.times.length;
  }

  /** The highest value; `-Infinity` if there is none. */
  get peak(): number {
    return Math.max(this.#peak, this.values.at(-1) ?? -Infinity);
  }

  /** Adds a value. `time` must not be before the last one. */
  push(time: number, value: number): void {
    const { length } = this.times;
    if (length > 0) this.#peak = Math.max(this.#peak, this.values[length - 1]!);
    for (let level = 0, size = length; size > 0 && size % BLOCK === 0; level++) {
      size /= BLOCK;
      this.#sumUp(level, size - 1);
    }
    this.times.push(time);
    this.values.push(value);
  }

  /** Sets the value from `time` on. Only the last value of each moment is kept. */
  set(time: number, value: number): void {
    const last = this.values.length - 1;
    if (this.values[last] === value) return;
    if (this.times[last] === time) this.values[last] = value;
    else this.push(time, value);
  }

  /** The index of the last value at or before `time`; -1 before the first. O(log n). */
  at(time: number): number {
    return countUpTo(this.times, time, itself) - 1;
  }

  /** The value at `time`, if there is one. O(log n). */
  valueAt(time: number): number | undefined {
    return this.values[this.at(time)];
  }

  /**
   * Writes the range of the values from the index `from` to before `to` into `extent`. O(log n).
   */
  measure(from: number, to: number, extent: Extent): void {
    extent.high = -Infinity;
    extent.low = Infinity;
    extent.zero = false;
    // The last value is in no summary yet, because it may still change.
    if (to === this.length && to > from) this.#include(0, --to, extent);
    for (let level = 0; from < to; level++) {
      while (from < to && from % BLOCK !== 0) this.#include(level, from++, extent);
      while (from < to && to % BLOCK !== 0) this.#include(level, --to, extent);
      from /= BLOCK;
      to /= BLOCK;
    }
  }

  /** Adds the summary of a block of `level`. */
  #sumUp(level: number, block: number): void {
    const extent = { high: -Infinity, low: Infinity, zero: false };
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) this.#include(level, i, extent);
    const { highs, lows, zeros } = this.#levels[level] ??= { highs: [], lows: [], zeros: [] };
    highs.push(extent.high);
    lows.push(extent.low);
    zeros.push(extent.zero);
  }

  #include(level: number, place: number, extent: Extent): void {
    const blocks = level === 0 ? undefined : this.#levels[level - 1]!;
    const high = blocks === undefined ? this.values[place]! : blocks.highs[place]!;
    const low = blocks === undefined ? high : blocks.lows[place]!;
    if (high > extent.high) extent.high = high;
    if (low < extent.low) extent.low = low;
    if (blocks === undefined ? high === 0 : blocks.zeros[place]!) extent.zero = true;
  }
}
