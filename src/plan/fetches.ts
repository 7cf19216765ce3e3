import type { Entry } from "../cache/entry.ts";
import { wholeOf } from "./dependencies.ts";

/** Counts the bytes that plans have loaded, and how many of them the game has not requested yet. */
export class Fetches {
  /** The bytes that plans have loaded, dependencies included. */
  bytes = 0;
  /** How many of these bytes the game has not requested. */
  unused = 0;
  /** New entries whose requester is not known yet: dependencies arrive before their parents. */
  readonly #unclaimed = new Set<Entry>();
  /** The entries that a plan has loaded and the game has not requested yet, with their bytes. */
  readonly #waiting = new Map<Entry, number>();

  loaded(entry: Entry): void {
    this.#unclaimed.add(entry);
  }

  /** The entry was unloaded. If the game has not requested it, its bytes stay unused. */
  retired(entry: Entry): void {
    this.#unclaimed.delete(entry);
    this.#waiting.delete(entry);
  }

  /** A plan got `entry`. */
  preloaded(entry: Entry): void {
    for (const each of this.#claim(entry)) {
      this.#waiting.set(each, each.bytes);
      this.bytes += each.bytes;
      this.unused += each.bytes;
    }
  }

  /** The game got `entry`. O(1) if it has requested everything that plans have loaded. */
  used(entry: Entry): void {
    this.#claim(entry);
    if (this.#waiting.size === 0) return;
    for (const each of wholeOf(entry)) {
      this.unused -= this.#waiting.get(each) ?? 0;
      this.#waiting.delete(each);
    }
  }

  /** Ends the counting. `bytes` and `unused` stay. */
  end(): void {
    this.#unclaimed.clear();
    this.#waiting.clear();
  }

  /** Removes the unclaimed entries that were loaded for `entry`, and returns them. */
  #claim(entry: Entry): Entry[] {
    if (this.#unclaimed.size === 0) return [];
    return [...wholeOf(entry)].filter((each) => this.#unclaimed.delete(each));
  }
}
