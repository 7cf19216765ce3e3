import { countUpTo, itself } from "./search.ts";

/** How many entries one of the next level stands for. */
const BLOCK = 16;

/** What a track has from one place to another. */
export interface Extent {
  high: number;
  low: number;
  /** Whether any of it is 0. */
  zero: boolean;
}

/** Entries that stand for {@linkcode BLOCK} of the level below each. */
interface Level {
  readonly highs: number[];
  readonly lows: number[];
  readonly zeros: boolean[];
}

/**
 * A number over time. It only grows at its end; levels of blocks above it know the greatest and the
 * least of any span in O(log n), so that a frame costs the same however much was recorded.
 */
export class Track {
  readonly times: number[] = [];
  readonly values: number[] = [];
  readonly #levels: Level[] = [];
  #peak = -Infinity;

  get length(): number {
    return this.times.length;
  }

  /** The greatest value, or `-Infinity`. */
  get peak(): number {
    return Math.max(this.#peak, this.values.at(-1) ?? -Infinity);
  }

  /** Adds a value. `time` is not before that of the last one. */
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

  /** The value from now on. Of one moment only the last value is kept, whatever it was before. */
  set(time: number, value: number): void {
    const last = this.values.length - 1;
    if (this.values[last] === value) return;
    if (this.times[last] === time) this.values[last] = value;
    else this.push(time, value);
  }

  /** The place of the last value at or before `time`; -1 before the first. O(log n). */
  at(time: number): number {
    return countUpTo(this.times, time, itself) - 1;
  }

  /** The value at `time`, if there is one. O(log n). */
  valueAt(time: number): number | undefined {
    return this.values[this.at(time)];
  }

  /** Writes into `extent` what there is from the place `from` to before the place `to`. O(log n). */
  measure(from: number, to: number, extent: Extent): void {
    extent.high = -Infinity;
    extent.low = Infinity;
    extent.zero = false;
    // The block of the last value is summed up once there is another, for it may change till then.
    if (to === this.length && to > from) this.#include(0, --to, extent);
    for (let level = 0; from < to; level++) {
      while (from < to && from % BLOCK !== 0) this.#include(level, from++, extent);
      while (from < to && to % BLOCK !== 0) this.#include(level, --to, extent);
      from /= BLOCK;
      to /= BLOCK;
    }
  }

  /** Adds a block above `level`. */
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
