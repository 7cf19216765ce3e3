/** Caches that count no references: what is in use may go. A visit is `get` alone. */
import { LRUCache } from "npm:lru-cache@^11.5.3";
import { LRUMap } from "npm:mnemonist@^0.40.8";
import QuickLRU from "npm:quick-lru@^7.3.0";
import { type CacheOptions, Contender, type Sprite } from "../contender.ts";

/** More than any workload has. */
const PLENTY = 2_000_000;

/** What they have in common. */
interface Lru {
  get(name: string): Sprite | undefined;
}

abstract class LruContender<C extends Lru> extends Contender {
  protected abstract readonly cache: C;

  /** Adds what is not there. */
  protected abstract add(cache: C, name: string, value: Sprite): void;

  #value(name: string): Sprite {
    const { cache } = this;
    let value = cache.get(name);
    if (value === undefined) this.add(cache, name, value = this.make(name));
    return value;
  }

  visit(name: string): number {
    return this.#value(name).id;
  }

  take(name: string): Sprite {
    return this.#value(name);
  }

  give(): void {}
}

export class LruCache extends LruContender<LRUCache<string, Sprite>> {
  protected readonly cache: LRUCache<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries: max = expected }: CacheOptions) {
    super();
    this.cache = new LRUCache<string, Sprite>({ max, dispose: () => void this.gone++ });
  }

  protected add(cache: LRUCache<string, Sprite>, name: string, value: Sprite): void {
    cache.set(name, value);
  }
}

export class QuickLru extends LruContender<QuickLRU<string, Sprite>> {
  protected readonly cache: QuickLRU<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries: maxSize = expected }: CacheOptions) {
    super();
    this.cache = new QuickLRU<string, Sprite>({ maxSize, onEviction: () => void this.gone++ });
  }

  protected add(cache: QuickLRU<string, Sprite>, name: string, value: Sprite): void {
    cache.set(name, value);
  }
}

export class Mnemonist extends LruContender<LRUMap<string, Sprite>> {
  protected readonly cache: LRUMap<string, Sprite>;

  constructor({ expected = PLENTY, maxEntries = expected }: CacheOptions) {
    super();
    this.cache = new LRUMap<string, Sprite>(maxEntries);
  }

  protected add(cache: LRUMap<string, Sprite>, name: string, value: Sprite): void {
    if (cache.setpop(name, value)?.evicted) this.gone++;
  }
}

/** The part of `@std/cache` that is used. */
interface StdLruCache extends Lru {
  set(name: string, value: Sprite): void;
}

type StdLruCacheClass = new (
  maxSize: number,
  options: { onEject(): void },
) => StdLruCache;

export class StdCache extends LruContender<StdLruCache> {
  protected readonly cache: StdLruCache;

  constructor(
    { expected = PLENTY, maxEntries = expected }: CacheOptions,
    { LruCache }: { LruCache: StdLruCacheClass },
  ) {
    super();
    this.cache = new LruCache(maxEntries, { onEject: () => void this.gone++ });
  }

  protected add(cache: StdLruCache, name: string, value: Sprite): void {
    cache.set(name, value);
  }
}
