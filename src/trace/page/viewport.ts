import { countUpTo } from "./search.ts";

/** The shortest visible time, in microseconds. */
const MIN_SPAN = 50;

/** The width of a trace of one moment, in CSS pixels. */
const MOMENT = 3;

/** The largest rounding error of sums of times, in microseconds. */
const ROUNDED = 0.5;

/** How far outside the plot a mark may be and still reach into it, in CSS pixels. */
const REACH = 10;

/**
 * The room after the end, as a part of the whole, and its maximum in a live trace in microseconds.
 */
const MARGIN = 0.02;
const LIVE_MARGIN = 500_000;

/** The visible time, in microseconds since the trace began. */
export class Viewport {
  /** The time of the oldest event. */
  #start = 0;
  #end: number;
  #from = 0;
  #to: number;
  /** In CSS pixels. */
  width = 1;

  constructor(duration: number) {
    this.#end = this.#to = wholeOf(duration);
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#to;
  }

  get span(): number {
    return this.#to - this.#from;
  }

  /** Whether the whole trace is visible. */
  get whole(): boolean {
    return this.span >= this.#most - ROUNDED;
  }

  /** Whether the end is visible. */
  get follows(): boolean {
    return this.#to >= this.#end - ROUNDED;
  }

  get #most(): number {
    return this.#end - this.#start;
  }

  timeAt(x: number): number {
    return this.#from + x / this.width * this.span;
  }

  xOf(time: number): number {
    return (time - this.#from) / this.span * this.width;
  }

  /** The end of the drawing: at least a few pixels, so that a trace of one moment is visible. */
  endOf(duration: number): number {
    return Math.max(duration, MOMENT / this.width * this.span);
  }

  /** Multiplies the visible time by `factor`. `time` stays at the same place. */
  zoom(factor: number, time: number = (this.#from + this.#to) / 2): void {
    const span = Math.min(this.#most, Math.max(MIN_SPAN, this.span * factor));
    const part = (time - this.#from) / this.span;
    this.show(time - part * span, time + (1 - part) * span);
  }

  /** Moves by `time` microseconds, but not beyond the trace. */
  pan(time: number): void {
    this.show(this.#from + time, this.#to + time);
  }

  /** Shows the time from `from` to `to`, moved and limited to the trace. */
  show(from: number, to: number): void {
    const span = Math.min(this.#most, Math.max(MIN_SPAN, to - from));
    this.#from = Math.min(this.#end - span, Math.max(this.#start, from));
    this.#to = this.#from + span;
  }

  /**
   * Makes the trace longer, and forgets everything before `start`. A view of the whole trace stays
   * whole, and a view of the end follows the end.
   */
  grow(duration: number, start = 0): void {
    const { whole, follows, span } = this;
    this.#start = start;
    this.#end = Math.max(start + MIN_SPAN, Math.min(wholeOf(duration), duration + LIVE_MARGIN));
    if (whole) this.fit();
    else if (follows) this.follow(span);
    else this.show(this.#from, this.#to);
  }

  /** Shows the last `span` microseconds. */
  follow(span: number): void {
    this.show(this.#end - span, this.#end);
  }

  /** Shows the whole trace. */
  fit(): void {
    this.show(this.#start, this.#end);
  }
}

function wholeOf(duration: number): number {
  return Math.max(MIN_SPAN, duration * (1 + MARGIN));
}

/**
 * Visits the visible items of `list`, which is sorted by time, with their places. Of items closer
 * together than `apart` CSS pixels it visits only the first. O(pixels · log n).
 */
export function eachApart<T>(
  list: readonly T[],
  timeOf: (item: T) => number,
  viewport: Viewport,
  apart: number,
  visit: (item: T, x: number) => void,
): void {
  let i = countUpTo(list, viewport.timeAt(-REACH), timeOf);
  for (; i < list.length; i++) {
    const x = viewport.xOf(timeOf(list[i]!));
    if (x > viewport.width + REACH) return;
    visit(list[i]!, x);
    const next = list[i + 1];
    if (next === undefined || viewport.xOf(timeOf(next)) >= x + apart) continue;
    i = countUpTo(list, viewport.timeAt(x + apart), timeOf, i + 1) - 1;
  }
}
