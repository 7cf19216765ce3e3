import type { Entry } from "../cache/entry.ts";
import { wholeOf } from "./dependencies.ts";
import { Holding } from "./holding.ts";

/** A resource that a scene has asked for. */
export interface Use {
  /** How large it is, with all that it was made from. */
  readonly bytes: number;
  /** The scene could not go on without it: it was asked for synchronously. */
  readonly isUrgent: boolean;
  /** How long it took to load, in ms; 0 if it was there. */
  readonly ms: number;
}

/** What a scene does, over all visits. */
export class Scene {
  /** How often it was entered. */
  visits = 0;
  /** How many reads it stood still for, and how long, in ms. */
  blocking = 0;
  blockedMs = 0;
  /** What it has asked for, by key, in that order. */
  readonly uses: Map<string, Use> = new Map();
  readonly holding: Holding = new Holding();

  /** It has got `entry`, which took `ms` to load. O(1) but for the first time. */
  use(entry: Entry, isUrgent: boolean, ms: number): void {
    this.holding.add(entry);
    if (entry.added || this.uses.has(entry.key)) return; // what was added can't be loaded
    let bytes = 0;
    for (const each of wholeOf(entry)) bytes += each.bytes;
    this.uses.set(entry.key, { bytes, isUrgent, ms });
  }
}
