import type { EventQueue, Grouped } from "./event_queue.ts";

/** The numbers of a counter, by name. */
export type Numbers = Readonly<Record<string, number>>;

/** Where a counter is shown, and how. */
export interface CounterOptions {
  /** The group of tracks that shows it. */
  readonly group: number;
  /** Whether a peak shorter than a microsecond is drawn, as if it took a microsecond. */
  readonly brief: boolean;
}

/** The value of a counter at a time. */
interface Sample {
  readonly ts: number;
  readonly numbers: Numbers;
  readonly height: number;
}

const NOTHING: Sample = { ts: -1, numbers: {}, height: -1 };

/**
 * A counter in the file. It writes an event only when it has changed, and at most one for each
 * moment.
 */
export class Counter implements Grouped {
  readonly #queue: EventQueue;
  readonly #name: string;
  readonly #options: CounterOptions;
  /** The value that was written last. */
  #shown = NOTHING;
  /** The highest value since then. */
  #peak = NOTHING;
  /** The current value. */
  #last = NOTHING;

  constructor(queue: EventQueue, name: string, options: CounterOptions) {
    this.#queue = queue;
    this.#name = name;
    this.#options = options;
  }

  /** Sets the numbers, which add up to `height`. */
  set(numbers: Numbers, height: number): void {
    if (same(numbers, this.#last.numbers)) return;
    const sample = { ts: this.#queue.now, numbers, height };
    if (this.#queue.group(this) || height > this.#peak.height) this.#peak = sample;
    this.#last = sample;
  }

  flush(): void {
    const peak = this.#peak;
    const last = this.#last;
    const peaked = peak.height > Math.max(this.#shown.height, last.height);
    if (peaked && (this.#options.brief || peak.ts < last.ts)) this.#show(peak, peak.ts);
    if (same(last.numbers, this.#shown.numbers)) return;
    this.#show(last, same(last.numbers, peak.numbers) ? peak.ts : last.ts);
  }

  #show(sample: Sample, time: number): void {
    const { group } = this.#options;
    const ts = Math.max(time, this.#shown.ts + 1);
    const { numbers, height } = sample;
    this.#queue.add({ name: this.#name, ph: "C", ts, pid: group, tid: group, args: numbers });
    this.#shown = { ts, numbers, height };
  }
}

function same(a: Numbers, b: Numbers): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
