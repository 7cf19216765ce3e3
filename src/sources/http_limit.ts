import type { Clock } from "../contract/clock.ts";
import { HttpFailure, shown } from "./http_failure.ts";

interface LimitOptions {
  clock: Clock;
  /** The milliseconds that the try may take. */
  timeout: number;
  /** The milliseconds that may pass without a byte. */
  stall: number;
}

/** Ends a try that takes too long, or for which nothing comes in any more. */
export class HttpLimit implements Disposable {
  readonly #aborting = new AbortController();
  readonly #url: URL;
  readonly #options: LimitOptions;
  readonly #timer: Disposable | undefined;
  #stallTimer: Disposable | undefined;

  constructor(url: URL, options: LimitOptions) {
    const { timeout } = options;
    this.#url = url;
    this.#options = options;
    this.#timer = this.#after(timeout, `took longer than ${timeout} ms`);
    this.received();
  }

  /** Aborts when the try is ended, for a reason that may pass: an {@linkcode HttpFailure}. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Something came in: the wait for more begins. */
  received(): void {
    const { stall } = this.#options;
    this.#stallTimer?.[Symbol.dispose]();
    this.#stallTimer = this.#after(stall, `sent nothing for ${stall} ms`);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#stallTimer?.[Symbol.dispose]();
  }

  #after(ms: number, problem: string): Disposable | undefined {
    if (ms === Infinity) return undefined;
    return this.#options.clock.after(ms, () => {
      const failure = new HttpFailure(`"${shown(this.#url)}" ${problem}`, { transient: true });
      this.#aborting.abort(failure);
    });
  }
}
