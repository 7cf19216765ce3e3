import { GCProfiler } from "node:v8";

/**
 * How long the garbage collector has stopped this thread. It knows nothing of what is marked in small
 * steps between two tasks: run with `--v8-flags=--no-incremental-marking`, which marks all at once.
 */
export class Collections {
  #profiler: GCProfiler = start();

  /** For how long it has since this was asked last, in ms. */
  take(): number {
    const { statistics } = this.#profiler.stop();
    this.#profiler = start();
    // Node's documentation says microseconds; these are nanoseconds, by V8's own trace.
    return statistics.reduce((sum, { cost }) => sum + cost, 0) / 1e6;
  }
}

function start(): GCProfiler {
  const profiler = new GCProfiler();
  profiler.start();
  return profiler;
}
