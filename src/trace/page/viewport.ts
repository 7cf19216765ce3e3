import { countUpTo } from "./search.ts";

/** The least time that can fill the width: 50 µs. */
const MIN_SPAN = 50;

/** A trace of one moment is drawn so wide, in CSS pixels. */
const MOMENT = 3;

/** What sums of times may be off by, in microseconds. */
const ROUNDED = 0.5;

/** How far beside the plot a mark may be, and still reach into it, in CSS pixels. */
const REACH = 10;

/** How much room is left after the end, as a part of the whole; and no more than this in a live trace. */
const MARGIN = 0.02;
const LIVE_MARGIN = 500_000;

/** The time that is shown, in microseconds since the trace began. */
export class Viewport {
  /** From when on there is something. */
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

  /** Whether all is shown. */
  get whole(): boolean {
    return this.span >= this.#most - ROUNDED;
  }

  /** Whether the end is shown. */
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

  /** Until when to draw what lasts until the end: some pixels at least, or one moment would be nothing. */
  endOf(duration: number): number {
    return Math.max(duration, MOMENT / this.width * this.span);
  }

  /** Shows so much more, or less if `factor` is below 1; what is at `time` stays where it is. */
  zoom(factor: number, time: number = (this.#from + this.#to) / 2): void {
    const span = Math.min(this.#most, Math.max(MIN_SPAN, this.span * factor));
    const part = (time - this.#from) / this.span;
    this.show(time - part * span, time + (1 - part) * span);
  }

  /** Moves by so many microseconds, as far as there is something to show. */
  pan(time: number): void {
    this.show(this.#from + time, this.#to + time);
  }

  /** Shows from one time to another, or as near as can be. */
  show(from: number, to: number): void {
    const span = Math.min(this.#most, Math.max(MIN_SPAN, to - from));
    this.#from = Math.min(this.#end - span, Math.max(this.#start, from));
    this.#to = this.#from + span;
  }

  /**
   * The trace has become longer, and what was before `start` is forgotten. What shows all of it goes on
   * to, and what shows its end follows.
   */
  grow(duration: number, start = 0): void {
    const { whole, follows, span } = this;
    this.#start = start;
    this.#end = Math.max(start + MIN_SPAN, Math.min(wholeOf(duration), duration + LIVE_MARGIN));
    if (whole) this.fit();
    else if (follows) this.follow(span);
    else this.show(this.#from, this.#to);
  }

  /** Shows so many microseconds up to the end. */
  follow(span: number): void {
    this.show(this.#end - span, this.#end);
  }

  /** Shows all. */
  fit(): void {
    this.show(this.#start, this.#end);
  }
}

function wholeOf(duration: number): number {
  return Math.max(MIN_SPAN, duration * (1 + MARGIN));
}

/**
 * Visits what is in sight of `list`, which is sorted by time, and where it is; of what is nearer than
 * `apart` CSS pixels only the first. O(pixels · log n).
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
