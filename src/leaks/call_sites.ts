/** Where and when a handle was opened. */
export interface CallSite {
  /** The frames, one a line. */
  readonly stack: string;
  /** On the clock of `performance.now()`. */
  readonly openedAt: number;
}

/** A public method, above which a call site begins. */
export type Caller = (...args: never[]) => unknown;

/** Captures call sites: of each handle, of one in some, or of none. */
export class SiteSampler {
  #interval: number;
  #left: number;

  /** Captures one site in `interval`. */
  constructor(interval: number) {
    this.#interval = interval;
    this.#left = interval;
  }

  /**
   * The frames above `caller`, if one is due. They are a string, read at once: an `Error` that is kept keeps
   * the `this` of every frame alive, and so a handle in a field would never be reported.
   */
  site(caller: Caller): CallSite | undefined {
    if (--this.#left > 0) return undefined;
    this.#left = this.#interval;
    return { stack: captureStack(caller), openedAt: performance.now() };
  }
}

/** How many frames a site has: enough to see who called the helper that called `load`. */
const FRAMES = 8;

function captureStack(caller: Caller): string {
  const limit = Error.stackTraceLimit;
  const holder: { stack?: string } = {};
  try {
    Error.stackTraceLimit = FRAMES;
    Error.captureStackTrace(holder, caller);
    // A program that sets Error.prepareStackTrace may make anything of it.
    return String(holder.stack).split("\n").slice(1).join("\n");
  } finally {
    Error.stackTraceLimit = limit;
  }
}
