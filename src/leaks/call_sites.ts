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
   * The frames above `caller`, if one is due. A string, read at once: an `Error` that is kept keeps
   * the `this` of every frame alive, and so a handle in a field would never be reported.
   */
  site(caller: Caller): string | undefined {
    if (--this.#left > 0) return undefined;
    this.#left = this.#interval;
    return captureSite(caller);
  }
}

/** How many frames a site has: enough to see who called the helper that called `load`. */
const FRAMES = 8;

function captureSite(caller: Caller): string {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = FRAMES;
    const frames = framesAbove(caller);
    if (frames !== "") return frames;
    // Bun keeps no frame of a method that ends with a call, and so finds nothing above it.
    Error.stackTraceLimit = 2 * FRAMES; // those of the library are among them
    return framesAbove();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function framesAbove(caller?: Caller): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, caller);
  // A program that sets Error.prepareStackTrace may make anything of it.
  const frames = String(holder.stack).split("\n").slice(1);
  return frames.filter((frame) => !frame.includes("node:internal/")).join("\n");
}
