import type { LeakOptions } from "../contract/options.ts";
import type { QueuedWork } from "../contract/stats.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import type { Cache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** Who asks for a resource, and how. */
export interface Ask {
  /** The scope that gets the handle, or the resource that depends on it. */
  readonly holder?: LeaseHolder | undefined;
  /** The caller cannot go on without it: the load is synchronous. */
  readonly blocks?: boolean;
}

/** A synchronous load for nobody's scope. */
export const UNOWNED: Ask = { blocks: true };

/** Sees what happens to the residents of a cache, at once and in order: a trace. Must not throw. */
export interface Observer {
  /** It is resident, with one reference; to load it was begun at `started`, or at NaN if unknown. */
  inserted(entry: Entry, started: number): void;
  /** A reference was taken or given back. */
  counted(entry: Entry): void;
  /** A reload has swapped its value. */
  swapped(entry: Entry): void;
  /** It is no longer resident; `fate` is why. Its references don't count from here on. */
  retired(entry: Entry): void;
  /** A load, `get`, `with` or `add` has got it: after `counted`, or after `inserted` if it was not resident. */
  asked?(entry: Entry, ask: Ask): void;
  /** So much waits for a pump now, in a paced manager. */
  queued?(work: QueuedWork): void;
  /** A scope was made. */
  entered?(scope: LeaseHolder): void;
  /** A scope was disposed. */
  left?(scope: LeaseHolder): void;
}

/** Those who observe a cache: mostly nobody, and then references are counted without looking here. */
type Tellable = Partial<Record<keyof Observer, (...details: unknown[]) => void>>;

export class Observers {
  readonly #entries: Iterable<Entry>;
  /** Copied on every change: none of those who are told may be left out or told twice. */
  #observers: readonly Observer[] = [];

  constructor(entries: Iterable<Entry>) {
    this.#entries = entries;
  }

  /** Whether there is anybody. */
  get any(): boolean {
    return this.#observers.length > 0;
  }

  /** Tells `observer` all that happens until the result is disposed. O(resident), both. */
  add(observer: Observer): Disposable {
    this.#set([...this.#observers, observer]);
    return {
      [Symbol.dispose]: () => this.#set(this.#observers.filter((other) => other !== observer)),
    };
  }

  #set(observers: readonly Observer[]): void {
    this.#observers = observers;
    for (const entry of this.#entries) entry.observed = this.any;
  }

  inserted(entry: Entry, started: number): void {
    if (!this.any) return;
    entry.observed = true;
    this.tell("inserted", entry, started);
  }

  counted(entry: Entry, ask?: Ask): void {
    for (const observer of this.#observers) observer.counted(entry);
    if (ask) this.tell("asked", entry, ask);
  }

  retired(entry: Entry): void {
    if (!entry.observed) return;
    this.tell("retired", entry);
    entry.observed = false;
  }

  /** Tells all who want to know it. */
  tell<E extends keyof Observer>(event: E, ...details: Parameters<Required<Observer>[E]>): void {
    for (const observer of this.#observers as Tellable[]) observer[event]?.(...details);
  }
}

/** Sees each new manager: for tests, which check all managers when they end. */
export interface ManagerObserver {
  /** The leak options of a new manager; its maker asked for `own`. */
  leakOptions(own: LeakOptions | undefined): LeakOptions | undefined;
  /** A manager was made. */
  made(cache: Cache): void;
}

/** Empty but in tests. Asked when a manager is made, and never afterwards. */
export const managerObservers: Set<ManagerObserver> = new Set();

const caches = new WeakMap<object, Cache>();

/** The cache of a manager, for the other entry points of this package. */
export function cacheOf(manager: object): Cache {
  return caches.get(manager)!;
}

/** Notes the cache of a new manager, and tells the observers. */
export function announce(manager: object, cache: Cache): void {
  caches.set(manager, cache);
  for (const observer of managerObservers) observer.made(cache);
}

/** The leak options of a new manager, as the observers want them. */
export function observedLeakOptions(own: LeakOptions | undefined): LeakOptions | undefined {
  let options = own;
  for (const observer of managerObservers) options = observer.leakOptions(options);
  return options;
}
