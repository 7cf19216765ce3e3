import { GCProfiler } from "node:v8";

/**
 * Measures how long the garbage collector stops this thread. It does not see marking in small steps
 * between tasks: run with `--v8-flags=--no-incremental-marking`, which marks everything at once.
 */
export class Collections {
  #profiler: GCProfiler = start();

  /** The time since the last call, in ms. */
  take(): number {
    const { statistics } = this.#profiler.stop();
    this.#profiler = start();
    // Node's documentation says microseconds, but these are nanoseconds, as in V8's own trace.
    return statistics.reduce((sum, { cost }) => sum + cost, 0) / 1e6;
  }
}

function start(): GCProfiler {
  const profiler = new GCProfiler();
  profiler.start();
  return profiler;
}
