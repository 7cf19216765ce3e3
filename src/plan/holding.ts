import type { Entry } from "../cache/entry.ts";
import { partsOf } from "./dependencies.ts";

/** One resource that is held. */
interface Held {
  /** How many hold it: the scene itself, and resources that were made from it. */
  holders: number;
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
  readonly #held = new Map<Entry, Held>();
  /** What the scene itself has asked for, and is live. */
  readonly #own = new Set<Entry>();
  /** What was held at the peak; `undefined` while it is just what is held now. */
  #atPeak: readonly SizedResource[] | undefined = [];

  /** The scene has got `entry`. O(1) if it holds it already. */
  add(entry: Entry): void {
    if (this.#own.has(entry)) return;
    this.#own.add(entry);
    this.#retain(entry);
    this.#rise();
  }

  /** Nobody uses `entry` any more, or it is gone. O(what it holds). */
  delete(entry: Entry): void {
    if (this.#own.delete(entry)) this.#release(entry);
  }

  /** Its value was made anew, perhaps from others. */
  swapped(entry: Entry): void {
    const held = this.#held.get(entry);
    if (held === undefined) return;
    const old = held.parts;
    held.parts = partsOf(entry);
    for (const part of held.parts) this.#retain(part);
    for (const part of old) this.#release(part);
    this.#grow(entry.bytes - held.bytes);
    held.bytes = entry.bytes;
    this.#rise();
  }

  /** The scene is over. */
  clear(): void {
    for (const entry of [...this.#own]) this.delete(entry);
  }

  /** What was held at the peak, the largest first. */
  atPeak(): SizedResource[] {
    return [...this.#atPeak ?? this.#list()].sort((a, b) => b.bytes - a.bytes);
  }

  #retain(entry: Entry): void {
    const known = this.#held.get(entry);
    if (known !== undefined) return void known.holders++;
    const parts = partsOf(entry);
    this.#held.set(entry, { holders: 1, bytes: entry.bytes, parts });
    this.#bytes += entry.bytes;
    for (const part of parts) this.#retain(part);
  }

  #release(entry: Entry): void {
    const held = this.#held.get(entry)!;
    if (--held.holders > 0) return;
    this.#grow(-held.bytes);
    this.#held.delete(entry);
    for (const part of held.parts) this.#release(part);
  }

  /** Before it shrinks from the peak, notes what was held there: to rise costs nothing so. */
  #grow(bytes: number): void {
    if (bytes < 0) this.#atPeak ??= this.#list();
    this.#bytes += bytes;
  }

  #rise(): void {
    if (this.#bytes <= this.peak) return;
    this.peak = this.#bytes;
    this.#atPeak = undefined;
  }

  #list(): SizedResource[] {
    return Array.from(this.#held, ([{ key }, { bytes }]) => ({ key, bytes }));
  }
}
