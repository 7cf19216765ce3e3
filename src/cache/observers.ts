import type { QueuedWork } from "../contract/stats.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import type { Entry } from "./entry.ts";

/** A request for a resource, as an observer sees it. */
export interface Ask {
  /** The scope that gets the handle, or the resource that depends on this one. */
  readonly holder?: LeaseHolder | undefined;
  /** The load is synchronous: the caller cannot go on without the resource. */
  readonly blocks?: boolean;
}

/** A synchronous load outside of scopes. */
export const UNOWNED: Ask = { blocks: true };

/** Is called at once for each change in a cache, in order: a trace is one. Must not throw. */
export interface Observer {
  /** The entry is resident, with one reference. Its load started at `started`, NaN if unknown. */
  inserted(entry: Entry, started: number): void;
  /** The entry has one reference more or less. */
  counted(entry: Entry): void;
  /** A reload has replaced the value of the entry. */
  swapped(entry: Entry): void;
  /** The entry is no longer resident; `fate` is the reason. `counted` is not called for it any more. */
  retired(entry: Entry): void;
  /** A load, `get`, `with` or `add` got the entry. Called after `counted`, or after `inserted` for a miss. */
  asked?(entry: Entry, ask: Ask): void;
  /** The work that waits for a pump has changed, in a paced manager. */
  queued?(work: QueuedWork): void;
  /** A scope was created. */
  entered?(scope: LeaseHolder): void;
  /** A scope was disposed. */
  left?(scope: LeaseHolder): void;
}

type Tellable = Partial<Record<keyof Observer, (...details: unknown[]) => void>>;

/** The observers of a cache. While there are none, changes of reference counts are not reported here. */
export class Observers {
  readonly #entries: Iterable<Entry>;
  /** Copied on each change, so that an event in progress calls each observer exactly once. */
  #observers: readonly Observer[] = [];

  constructor(entries: Iterable<Entry>) {
    this.#entries = entries;
  }

  /** Whether there are observers. */
  get any(): boolean {
    return this.#observers.length > 0;
  }

  /** Calls `observer` until the result is disposed. Adding and disposing are O(resident). */
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

  /** Calls the method `event` of each observer that has one. */
  tell<E extends keyof Observer>(event: E, ...details: Parameters<Required<Observer>[E]>): void {
    for (const observer of this.#observers as Tellable[]) observer[event]?.(...details);
  }
}
