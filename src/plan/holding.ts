import type { Entry } from "../cache/entry.ts";
import { partsOf } from "./dependencies.ts";

/** One resource that is held, or was. */
interface Held {
  /** How many hold it: the scene itself, and resources that were made from it. */
  holders: number;
  /** The scene itself holds it. */
  isOwn: boolean;
  bytes: number;
  parts: readonly Entry[];
}

/**
 * A resource, and how large it is by itself.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { recordPlay, type SizedResource } from "@holdfast/resources/plan";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using play = recordPlay(mgr);
 * using cave = mgr.scope("cave");
 * cave.load("hero.txt", Text);
 * const largest: SizedResource | undefined = play.report().scenes.cave?.atPeak[0];
 * assertEquals(largest, { key: "hero.txt", bytes: 1 });
 * ```
 */
export interface SizedResource {
  /** The key of the resource. */
  readonly key: string;
  /** Its bytes, without what it was made from. */
  readonly bytes: number;
}

/**
 * What a scene holds: the live resources that it has asked for, and all that these were made from,
 * each once. Knows how much that was at the most, and of what.
 */
export class Holding {
  /** The most bytes that were held at once. */
  peak = 0;
  #bytes = 0;
  /** What is idle stays here: V8 slows a map down whose keys come and go. */
  readonly #held = new Map<Entry, Held>();
  /** What was held at the peak; `undefined` while it is just what is held now. */
  #atPeak: readonly SizedResource[] | undefined = [];

  /** The scene has got `entry`. O(1) if it holds it already. */
  add(entry: Entry): void {
    if (this.#held.get(entry)?.isOwn) return;
    this.#retain(entry).isOwn = true;
    this.#rise();
  }

  /** Nobody uses `entry` any more. O(what it holds). */
  idle(entry: Entry): void {
    const held = this.#held.get(entry);
    if (!held?.isOwn) return;
    this.#leavePeak();
    held.isOwn = false;
    this.#release(held);
  }

  /** It is not resident any more. */
  retired(entry: Entry): void {
    this.idle(entry);
    if (this.#held.get(entry)?.holders === 0) this.#held.delete(entry);
  }

  /** Its value was made anew, perhaps from others. */
  swapped(entry: Entry): void {
    const held = this.#held.get(entry);
    if (held === undefined || held.holders === 0) return;
    this.#leavePeak();
    const old = held.parts;
    this.#fill(held, entry);
    this.#releaseAll(old);
    this.#rise();
  }

  /** The scene is over. */
  clear(): void {
    for (const entry of this.#held.keys()) this.idle(entry);
    this.#held.clear();
  }

  /** What was held at the peak, the largest first. */
  atPeak(): SizedResource[] {
    return [...this.#atPeak ?? this.#list()].sort((a, b) => b.bytes - a.bytes);
  }

  #retain(entry: Entry): Held {
    let held = this.#held.get(entry);
    if (held === undefined) {
      this.#held.set(entry, held = { holders: 0, isOwn: false, bytes: 0, parts: [] });
    }
    if (held.holders++ === 0) this.#fill(held, entry);
    return held;
  }

  #release(held: Held): void {
    if (--held.holders > 0) return;
    this.#bytes -= held.bytes;
    held.bytes = 0;
    this.#releaseAll(held.parts);
  }

  /** Takes over how large it is, and what it was made from. */
  #fill(held: Held, entry: Entry): void {
    held.parts = partsOf(entry);
    for (const part of held.parts) this.#retain(part);
    this.#bytes += entry.bytes - held.bytes;
    held.bytes = entry.bytes;
  }

  #releaseAll(parts: readonly Entry[]): void {
    for (const part of parts) this.#release(this.#held.get(part)!);
  }

  /** Notes what is held at the peak before that may shrink: so a scene that only grows copies nothing. */
  #leavePeak(): void {
    this.#atPeak ??= this.#list();
  }

  #rise(): void {
    if (this.#bytes <= this.peak) return;
    this.peak = this.#bytes;
    this.#atPeak = undefined;
  }

  #list(): SizedResource[] {
    return [...this.#held].filter(([, { holders }]) => holders > 0)
      .map(([{ key }, { bytes }]) => ({ key, bytes }));
  }
}
