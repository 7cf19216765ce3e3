/** Effect's `RcMap`, used in the fastest way: one program for all names, not one for each. */
import { Effect, Exit, RcMap, Scope } from "npm:effect@^4.1.0";
import type { Sprite } from "../../_sprites.ts";
import { type CacheOptions, Contender } from "../contender.ts";

/** The references in one scope. Closing a larger scope would not be synchronous any more. */
const BATCH = 250;

export class EffectRcMap extends Contender {
  readonly #map: RcMap.RcMap<string, Sprite>;

  constructor({ idle, maxEntries }: CacheOptions) {
    super();
    const lookup = (name: string) =>
      Effect.acquireRelease(
        Effect.sync(() => this.make(name)),
        () => Effect.sync(() => void this.gone++),
      );
    // It can't evict: at its capacity it refuses. So values without references are freed at once
    // here.
    const make = idle && maxEntries === undefined
      ? RcMap.make({ lookup, idleTimeToLive: "1 hour" })
      : RcMap.make({ lookup });
    this.#map = Effect.runSync(Scope.provide(make, Scope.makeUnsafe()));
  }

  override visitAll(names: readonly string[]): number {
    const map = this.#map;
    let i = 0;
    let sum = 0;
    Effect.runSync(Effect.whileLoop({
      while: () => i < names.length,
      body: () => Effect.scoped(RcMap.get(map, names[i++]!)),
      step: ({ id }) => void (sum += id),
    }));
    return sum;
  }

  override takeAll(names: readonly string[]): Scope.Closeable[] {
    const scopes: Scope.Closeable[] = [];
    for (let start = 0; start < names.length; start += BATCH) {
      scopes.push(this.#takeSome(names, start, Math.min(start + BATCH, names.length)));
    }
    return scopes;
  }

  #takeSome(names: readonly string[], start: number, end: number): Scope.Closeable {
    const map = this.#map;
    const scope = Scope.makeUnsafe();
    let i = start;
    const all = Effect.whileLoop({
      while: () => i < end,
      body: () => RcMap.get(map, names[i++]!),
      step: () => {},
    });
    Effect.runSync(Scope.provide(all, scope));
    return scope;
  }

  override releaseAll(scopes: Scope.Closeable[]): void {
    for (const scope of scopes) Effect.runSync(Scope.close(scope, Exit.void));
  }

  visit(name: string): number {
    return this.visitAll([name]);
  }

  take(name: string): Scope.Closeable {
    return this.#takeSome([name], 0, 1);
  }

  release(scope: Scope.Closeable): void {
    this.releaseAll([scope]);
  }
}
