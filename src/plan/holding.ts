import type { Entry } from "../cache/entry.ts";
import { partsOf } from "./dependencies.ts";

/** A resource that the scene holds, or held before. */
interface Held {
  /** How many hold it: resources that were made from it, and the scene if it requested it. */
  holders: number;
  /** Whether the scene requested it. */
  isOwn: boolean;
  bytes: number;
  parts: readonly Entry[];
}

/**
 * A resource and its own size.
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
  /** Its bytes, without those of its dependencies. */
  readonly bytes: number;
}

/**
 * What a scene holds: the live resources that it has requested and everything that these were made from,
 * each counted once. It also stores the peak: the most bytes, and the resources that were held then.
 */
export class Holding {
  /** The most bytes that were held at once. */
  peak = 0;
  #bytes = 0;
  /** Idle entries stay in here, because V8 maps become slow when keys are deleted and added again. */
  readonly #held = new Map<Entry, Held>();
  /** What was held at the peak; `undefined` while the scene still holds exactly that. */
  #atPeak: readonly SizedResource[] | undefined = [];

  /** The scene got `entry`. O(1) if it holds it already. */
  add(entry: Entry): void {
    if (this.#held.get(entry)?.isOwn) return;
    this.#retain(entry).isOwn = true;
    this.#updatePeak();
  }

  /** The last reference to `entry` was released. O(what it holds). */
  idle(entry: Entry): void {
    const held = this.#held.get(entry);
    if (!held?.isOwn) return;
    this.#savePeak();
    held.isOwn = false;
    this.#release(held);
  }

  /** The entry is no longer resident. */
  retired(entry: Entry): void {
    this.idle(entry);
    if (this.#held.get(entry)?.holders === 0) this.#held.delete(entry);
  }

  /** The entry was reloaded, perhaps with other dependencies. */
  swapped(entry: Entry): void {
    const held = this.#held.get(entry);
    if (held === undefined || held.holders === 0) return;
    this.#savePeak();
    const old = held.parts;
    this.#fill(held, entry);
    this.#releaseAll(old);
    this.#updatePeak();
  }

  /** The scene has ended. */
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

  /** Copies the size and the dependencies of `entry`. */
  #fill(held: Held, entry: Entry): void {
    held.parts = partsOf(entry);
    for (const part of held.parts) this.#retain(part);
    this.#bytes += entry.bytes - held.bytes;
    held.bytes = entry.bytes;
  }

  #releaseAll(parts: readonly Entry[]): void {
    for (const part of parts) this.#release(this.#held.get(part)!);
  }

  /** Copies what is held at the peak, before it may shrink. A scene that only grows copies nothing. */
  #savePeak(): void {
    this.#atPeak ??= this.#list();
  }

  #updatePeak(): void {
    if (this.#bytes <= this.peak) return;
    this.peak = this.#bytes;
    this.#atPeak = undefined;
  }

  #list(): SizedResource[] {
    return [...this.#held].filter(([, { holders }]) => holders > 0)
      .map(([{ key }, { bytes }]) => ({ key, bytes }));
  }
}
