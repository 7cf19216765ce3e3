import type { Flight } from "./flight.ts";
import type { Place } from "./read_queue.ts";
import type { Reader } from "./reader.ts";

/**
 * Calls the source for flights. A source may load through its own manager, for example to read from
 * pack files. The loads that it begins before its first `await` are known to be its own. They do
 * not wait for a place, because the read that waits for them holds one.
 */
export class SourceCalls {
  readonly #reader: Reader;
  /** Whether a load that begins now comes from the source. */
  calling = false;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  read(flight: Flight, place: Place): ReturnType<Reader["readAsync"]> {
    const { key, signal } = flight;
    const onProgress = (bytes: number, totalBytes?: number): void =>
      this.#run(false, () => flight.received(bytes, totalBytes)); // This may call a user.
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
