/** The contenders: caches that keep values by name, and free those that are no longer needed. */
import { idOf, Sprite } from "../_sprites.ts";

/** What a workload needs from a cache. */
export interface CacheOptions {
  /** Whether values without references stay. Otherwise they are freed at once. */
  readonly idle: boolean;
  /** The maximum number of values. */
  readonly maxEntries?: number;
  /** The expected number of values, for caches that allocate room for all of them at once. */
  readonly expected?: number;
}

/**
 * A cache under test. Each runs in its own process, so that V8 compiles these loops for it alone,
 * as in a game that has no other cache.
 */
export abstract class Contender {
  /** How many values were made, and how many were freed. */
  made = 0;
  gone = 0;
  /** How many forgotten references it has found. Any would make the measurement invalid. */
  leaks = 0;
  readonly #kept: unknown[] = [];

  /** Takes a reference, reads the value and releases the reference. Returns the id of the value. */
  abstract visit(name: string): number;

  /** Takes a reference, and keeps it. */
  abstract take(name: string): unknown;

  /** Releases a reference of {@linkcode Contender.take}. */
  abstract release(reference: unknown): void;

  /** Visits each name. Returns the sum of the ids. */
  visitAll(names: readonly string[]): number {
    let sum = 0;
    for (let i = 0; i < names.length; i++) sum += this.visit(names[i]!);
    return sum;
  }

  takeAll(names: readonly string[]): unknown {
    return names.map((name) => this.take(name));
  }

  /** Takes references that are never released. */
  hold(names: readonly string[]): void {
    this.#kept.push(this.takeAll(names));
  }

  releaseAll(references: unknown): void {
    for (const reference of references as unknown[]) this.release(reference);
  }

  /** Makes the value of `name`. A real loader would cost more, but the same for all contenders. */
  protected make(name: string): Sprite {
    this.made++;
    return new Sprite(idOf(name));
  }
}
