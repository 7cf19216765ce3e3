import type { Entry } from "./entry.ts";

/** Sees what happens to the residents of a cache, at once and in order: a trace. Must not throw. */
export interface Observer {
  /** It is resident, with one reference; to load it was begun at `started`, or at NaN if unknown. */
  inserted(entry: Entry, started: number): void;
  /** A reference was taken or given back. */
  counted(entry: Entry): void;
  /** A reload has swapped its value. */
  swapped(entry: Entry): void;
  /** It is resident no more; `fate` is why. Its references don't count from here on. */
  settled(entry: Entry): void;
}

/** Those who observe a cache: mostly nobody, and then references are counted without looking here. */
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
    for (const entry of this.#entries) entry.observe(this.any);
  }

  inserted(entry: Entry, started: number): void {
    if (!this.any) return;
    entry.observe(true);
    for (const observer of this.#observers) observer.inserted(entry, started);
  }

  /** Returns the reference count, for the cache to see whether that was the first or the last. */
  counted(entry: Entry): number {
    for (const observer of this.#observers) observer.counted(entry);
    return entry.refs;
  }

  swapped(entry: Entry): void {
    for (const observer of this.#observers) observer.swapped(entry);
  }

  settled(entry: Entry): void {
    for (const observer of this.#observers) observer.settled(entry);
    entry.observe(false);
  }
}
