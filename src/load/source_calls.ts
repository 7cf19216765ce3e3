import type { Flight } from "./flight.ts";
import type { Place } from "./read_queue.ts";
import type { Reader } from "./reader.ts";

/**
 * Calls the source for flights. A source may load through its own manager, as one does that reads
 * out of pack files: what it asks for before its first `await` is known to be its own, and does not
 * wait for a place, since the read that waits for it holds one.
 */
export class SourceCalls {
  readonly #reader: Reader;
  /** Whether it is the source that asks now. */
  calling = false;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  read(flight: Flight, place: Place): ReturnType<Reader["readAsync"]> {
    const { key, signal } = flight;
    const onProgress = (bytes: number, totalBytes?: number): void =>
      this.#run(false, () => flight.received(bytes, totalBytes)); // A user is told.
    const pause = <T>(wait: () => Promise<T>): Promise<T> =>
      place.pause(() => this.#run(false, wait)); // It has left its place to others.
    return this.#run(true, () => this.#reader.readAsync(key, { signal, onProgress, pause }));
  }

  #run<T>(calling: boolean, run: () => T): T {
    const outer = this.calling;
    this.calling = calling;
    try {
      return run();
    } finally {
      this.calling = outer;
    }
  }
}
