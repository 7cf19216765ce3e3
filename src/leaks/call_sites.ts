import { attempt } from "../contract/attempt.ts";

/** Where and when a handle was opened. */
export interface CallSite {
  /** The frames, one a line. */
  readonly stack: string;
  /** On the clock of `performance.now()`. */
  readonly openedAt: number;
}

/** A public method, above which a call site begins. */
export type Caller = (...args: never[]) => unknown;

/** Of how many names is known that a site was captured. Further ones are sampled like others. */
const MOST_NAMES = 10_000;

/**
 * Captures call sites: of each handle; or of the first of each name, and of one in so many of the others.
 * A name that is rarely loaded would hardly ever have one otherwise.
 */
export class SiteSampler {
  readonly #interval: number;
  #left: number;
  readonly #names = new Set<string>();

  /** Captures one site in `interval`. */
  constructor(interval: number) {
    this.#interval = interval;
    this.#left = interval;
  }

  /**
   * The frames above `caller`, if one is due. They are a string, read at once: an `Error` that is kept keeps
   * the `this` of every frame alive, and so a handle in a field would never be reported.
   */
  site(caller: Caller, name: string): CallSite | undefined {
    const known = this.#names.size;
    if (known < MOST_NAMES) this.#names.add(name);
    if (this.#names.size === known && --this.#left > 0) return undefined;
    this.#left = this.#interval;
    return captureSite(caller);
  }
}

/** How many frames a site has: enough to see who called the helper that called `load`. */
const FRAMES = 8;

/** Where `caller` is being called. */
export function captureSite(caller: Caller): CallSite {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = FRAMES;
    let stack = framesAbove(caller);
    if (stack === "") {
      // Bun keeps no frame of a method that ends with a call, and so finds nothing above it.
      Error.stackTraceLimit = 2 * FRAMES; // those of the library are among them
      stack = framesAbove();
    }
    return { stack, openedAt: performance.now() };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The frames of the runtime itself, in Node, Deno, and Bun or Safari. */
const INTERNAL = /node:internal|\bext:|\(native/;

function framesAbove(caller?: Caller): string {
  const holder: { stack?: string } = {};
  // A program that sets Error.prepareStackTrace may make anything of it, or throw.
  const stack = attempt(() => {
    Error.captureStackTrace(holder, caller);
    return String(holder.stack);
  }) ?? "";
  const lines = stack.split("\n");
  // Firefox and Safari begin with a frame, others with a title, which names no place.
  if (!lines[0]!.includes(":")) lines.shift();
  return lines.filter((line) => !INTERNAL.test(line)).join("\n");
}
