import { ABSENT, type Row, type Totals } from "./model.ts";
import { countUpTo, itself } from "./search.ts";

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

  /** Looks what `row` has from one time to another. O(columns + changes in it). */
  fill(row: Row, from: number, to: number): void {
    const { times, counts } = row;
    const scale = this.#width / (to - from);
    this.high.fill(ABSENT);
    this.low.fill(0x7fffffff);
    this.idle.fill(0);
    let left = 0;
    let count = row.countAt(from);
    for (let i = row.at(from) + 1; i < times.length && times[i]! < to; i++) {
      const x = Math.floor((times[i]! - from) * scale);
      this.#stay(left, x, count);
      left = x;
      count = counts[i]!;
    }
    this.#stay(left, this.#width - 1, count);
  }

  /** It has `count` references from one column to another, both included. */
  #stay(left: number, right: number, count: number): void {
    const { high, low, idle } = this;
    for (let x = left; x <= right; x++) {
      if (count > high[x]!) high[x] = count;
      if (count < low[x]!) low[x] = count;
      if (count === 0) idle[x] = 1;
    }
  }
}

/** The most bytes in each column of pixels. */
export interface Areas {
  readonly live: Float64Array;
  /** Live and idle together. */
  readonly all: Float64Array;
  /** And with those what is unloaded and not freed yet. */
  readonly memory: Float64Array;
}

/** Looks what took memory from one time to another. O(columns + changes in it). */
export function areasOf(totals: Totals, from: number, to: number, width: number): Areas {
  const { times, live, idle, unfreed } = totals;
  const areas = {
    live: new Float64Array(width),
    all: new Float64Array(width),
    memory: new Float64Array(width),
  };
  const scale = width / (to - from);
  let i = countUpTo(times, from, itself) - 1;
  for (let left = 0; i < times.length && left < width; i++) {
    const end = times[i + 1] ?? Infinity;
    const right = Math.min(width - 1, Math.floor((end - from) * scale));
    for (let x = left; i >= 0 && x <= right; x++) {
      areas.live[x] = Math.max(areas.live[x]!, live[i]!);
      areas.all[x] = Math.max(areas.all[x]!, live[i]! + idle[i]!);
      areas.memory[x] = Math.max(areas.memory[x]!, live[i]! + idle[i]! + unfreed[i]!);
    }
    if (end >= to) break;
    left = right;
  }
  return areas;
}
