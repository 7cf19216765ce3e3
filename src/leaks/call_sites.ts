import { attempt } from "../contract/attempt.ts";

/** Where and when a handle was opened. */
export interface CallSite {
  /** The frames, one a line. */
  readonly stack: string;
  /** In milliseconds of `performance.now()`. */
  readonly openedAt: number;
}

/** A public method. The call site begins in the frame above it. */
export type Caller = (...args: never[]) => unknown;

/** How many names it remembers as captured. The first handles of further names are sampled. */
const MOST_NAMES = 10_000;

/**
 * Captures call sites: of the first handle of each name, and of one in so many of the others.
 * Without the first, a name that is rarely loaded would hardly ever have a call site.
 */
export class SiteSampler {
  readonly #interval: number;
  #left: number;
  readonly #names = new Set<string>();

  /** Captures one site in `interval`: all of them if it is 1. */
  constructor(interval: number) {
    this.#interval = interval;
    this.#left = interval;
  }

  /**
   * Returns the frames above `caller`, if a capture is due. They are read as a string at once: an
   * `Error` would keep the `this` of every frame alive, so a handle in a field would never be
   * reported.
   */
  site(caller: Caller, name: string): CallSite | undefined {
    const known = this.#names.size;
    if (known < MOST_NAMES) this.#names.add(name);
    if (this.#names.size === known && --this.#left > 0) return undefined;
    this.#left = this.#interval;
    return captureSite(caller);
  }
}

/** How many frames a site has: enough to see what called the function that called `load`. */
const FRAMES = 8;

/** Returns where `caller` was called. */
export function captureSite(caller: Caller): CallSite {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = FRAMES;
    let stack = framesAbove(caller);
    if (stack === "") {
      // Bun drops the frame of a method that ends with a call, and then finds nothing above it.
      Error.stackTraceLimit = 2 * FRAMES; // The frames of the library are among them.
      stack = withoutLibrary(framesAbove());
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
  // The program's Error.prepareStackTrace may return any value, or throw.
  const stack = attempt(() => {
    Error.captureStackTrace(holder, caller);
    return String(holder.stack);
  }) ?? "";
  const lines = stack.split("\n");
  // Firefox and Safari begin with a frame, others with a title, which has no position.
  if (!lines[0]!.includes(":")) lines.shift();
  return lines.filter((line) => !INTERNAL.test(line)).join("\n");
}

/** Removes the frames of the library. A bundle has all frames in one file, and they stay. */
function withoutLibrary(stack: string): string {
  const [, library] = /([^\s(]+\/)leaks\/call_sites\.[jt]s:/.exec(stack) ?? [];
  const lines = stack.split("\n");
  return lines.filter((line) => !library || !line.includes(library)).join("\n");
}
