import type { Entry } from "../cache/entry.ts";
import { wholeOf } from "./dependencies.ts";

/** What a plan has read, and what of it the game has asked for since. */
export class Fetches {
  /** The bytes that the plan has read, dependencies included. */
  bytes = 0;
  /** Those of them that nobody has asked for. */
  unused = 0;
  /** What was loaded, and is not known yet for whom: dependencies come before what needs them. */
  readonly #unclaimed = new Set<Entry>();
  readonly #waiting = new Map<Entry, number>();

  loaded(entry: Entry): void {
    this.#unclaimed.add(entry);
  }

  /** It is unloaded: what nobody has asked for by now is wasted. */
  gone(entry: Entry): void {
    this.#unclaimed.delete(entry);
    this.#waiting.delete(entry);
  }

  /** The plan has got `entry`. */
  planned(entry: Entry): void {
    for (const each of this.#claim(entry)) {
      this.#waiting.set(each, each.bytes);
      this.bytes += each.bytes;
      this.unused += each.bytes;
    }
  }

  /** The game has got `entry`. O(1) if it has asked for all that the plan has read. */
  used(entry: Entry): void {
    this.#claim(entry);
    if (this.#waiting.size === 0) return;
    for (const each of wholeOf(entry)) {
      this.unused -= this.#waiting.get(each) ?? 0;
      this.#waiting.delete(each);
    }
  }

  /** Nothing more will be asked for. */
  end(): void {
    this.#unclaimed.clear();
    this.#waiting.clear();
  }

  /** Takes what was loaded for `entry`. */
  #claim(entry: Entry): Entry[] {
    if (this.#unclaimed.size === 0) return [];
    return [...wholeOf(entry)].filter((each) => this.#unclaimed.delete(each));
  }
}
