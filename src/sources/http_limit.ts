import type { Clock } from "../contract/clock.ts";
import { HttpFailure, shown } from "./http_failure.ts";

interface LimitOptions {
  clock: Clock;
  /** How long the try may take, in ms. */
  timeout: number;
  /** How long the try may receive nothing, in ms. */
  stall: number;
}

/** Aborts a try that takes too long or no longer receives anything. */
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

  /** Aborts when a limit is reached. Its reason is a transient {@linkcode HttpFailure}. */
  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Restarts the `stall` limit, because something arrived. */
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
