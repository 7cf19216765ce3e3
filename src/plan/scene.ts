import type { Entry } from "../cache/entry.ts";
import { wholeOf } from "./dependencies.ts";
import { Holding } from "./holding.ts";

/** The first request of a scene for a resource. */
export interface Use {
  /** The bytes of the resource, with those of everything that it was made from. */
  readonly bytes: number;
  /** Whether the load was synchronous: the scene could not go on without it. */
  readonly isUrgent: boolean;
  /** How long the load took, in ms; 0 if the resource was in memory. */
  readonly ms: number;
}

/** What was recorded of a scene, over all visits. */
export class Scene {
  /** How often it was entered. */
  visits = 0;
  /** How many reads it waited for in synchronous loads. */
  blocking = 0;
  /** How long it waited for them, in ms. */
  blockedMs = 0;
  /** What it requested, by key, in the order of the first requests. */
  readonly uses: Map<string, Use> = new Map();
  readonly holding: Holding = new Holding();

  /** The scene got `entry`, whose load took `ms`. O(1) except for the first time. */
  use(entry: Entry, isUrgent: boolean, ms: number): void {
    this.holding.add(entry);
    if (entry.added || this.uses.has(entry.key)) return; // A plan can't load what was added.
    let bytes = 0;
    for (const each of wholeOf(entry)) bytes += each.bytes;
    this.uses.set(entry.key, { bytes, isUrgent, ms });
  }
}
