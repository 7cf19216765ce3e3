/**
 * Caches that do not count references, so they may free a value in use. A visit is only a `get`.
 */
import { LRUCache } from "npm:lru-cache@^11.5.3";
import { LRUMap } from "npm:mnemonist@^0.40.8";
import QuickLRU from "npm:quick-lru@^7.3.0";
import type { Sprite } from "../../_sprites.ts";
import { type CacheOptions, Contender } from "../contender.ts";

/** More values than any workload has. */
const PLENTY = 2_000_000;

/** The methods that all of them have. */
interface Lru {
  get(name: string): Sprite | undefined;
  set(name: string, value: Sprite): unknown;
}

abstract class LruContender extends Contender {
  protected abstract readonly cache: Lru;

  /** Adds a value that is missing. */
  protected add(name: string, value: Sprite): void {
    this.cache.set(name, value);
  }

  #value(name: string): Sprite {
    const { cache } = this;
    let value = cache.get(name);
    if (value === undefined) this.add(name, value = this.make(name));
    return value;
  }

  visit(name: string): number {
    return this.#value(name).id;
  }

  take(name: string): Sprite {
    return this.#value(name);
  }

  release(): void {}
}

export class LruCache extends LruContender {
  protected readonly cache: LRUCache<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries: max = expected }: CacheOptions) {
    super();
    this.cache = new LRUCache<string, Sprite>({ max, dispose: () => void this.gone++ });
  }
}

export class QuickLru extends LruContender {
  protected readonly cache: QuickLRU<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries: maxSize = expected }: CacheOptions) {
    super();
    this.cache = new QuickLRU<string, Sprite>({ maxSize, onEviction: () => void this.gone++ });
  }
}

export class Mnemonist extends LruContender {
  protected readonly cache: LRUMap<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries = expected }: CacheOptions) {
    super();
    this.cache = new LRUMap<string, Sprite>(maxEntries);
  }

  protected override add(name: string, value: Sprite): void {
    if (this.cache.setpop(name, value)?.evicted) this.gone++;
  }
}

/** The part of `@std/cache` that the contender uses. */
type StdLruCacheClass = new (
  maxSize: number,
  options: { onEject(): void },
) => Lru;

export class StdCache extends LruContender {
  protected readonly cache: Lru;

  constructor(
    { expected = PLENTY, maxEntries = expected }: CacheOptions,
    { LruCache }: { LruCache: StdLruCacheClass },
  ) {
    super();
    this.cache = new LruCache(maxEntries, { onEject: () => void this.gone++ });
  }
}
