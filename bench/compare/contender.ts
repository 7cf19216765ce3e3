/** What is compared: whatever keeps values by name, and says when nobody needs one any more. */
import { idOf, Sprite } from "../_sprites.ts";

/** How a cache is to be for a workload. */
export interface CacheOptions {
  /** What nobody references stays. Without it, it goes at once. */
  readonly idle: boolean;
  /** How many values may stay. */
  readonly maxEntries?: number;
  /** How many values there will be, for those that allocate for all of them at once. */
  readonly expected?: number;
}

/**
 * A cache under test. Each runs in a process of its own, so that V8 compiles these loops for it
 * alone, as it would in a game that has no other cache.
 */
export abstract class Contender {
  /** How many values were made, and how many let go of. */
  made = 0;
  gone = 0;
  /** How many references it has found to be forgotten: none, or what is measured is not what it seems. */
  leaks = 0;
  readonly #kept: unknown[] = [];

  /** Takes a reference, looks at the value, gives the reference back. Returns the id that it saw. */
  abstract visit(name: string): number;

  /** Takes a reference to keep. */
  abstract take(name: string): unknown;

  /** Gives back what {@linkcode Contender.take} took. */
  abstract give(reference: unknown): void;

  /** Returns the sum of the ids that it saw. */
  visitAll(names: readonly string[]): number {
    let sum = 0;
    for (let i = 0; i < names.length; i++) sum += this.visit(names[i]!);
    return sum;
  }

  takeAll(names: readonly string[]): unknown {
    return names.map((name) => this.take(name));
  }

  /** Takes references for good. */
  hold(names: readonly string[]): void {
    this.#kept.push(this.takeAll(names));
  }

  giveAll(references: unknown): void {
    for (const reference of references as unknown[]) this.give(reference);
  }

  /** Makes the value of `name`. What a real loader costs beyond this is the same for all. */
  protected make(name: string): Sprite {
    this.made++;
    return new Sprite(idOf(name));
  }
}
