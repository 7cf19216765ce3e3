import type { EventHub, UnloadReason } from "../contract/events.ts";
import { assertNumber, type Pacing } from "../contract/options.ts";
import type { QueuedWork } from "../contract/stats.ts";
import {
  type Failure,
  ManagerDisposedError,
  ResourceExistsError,
  throwAll,
} from "../contract/errors.ts";
import type { LeasedResource } from "../leaks/leases.ts";
import { recordScopes } from "../leaks/nursery.ts";
import type { LeakReporter } from "../leaks/reporter.ts";
import type { NameIndex } from "../names/name_index.ts";
import type { AskedType } from "../names/resource_type.ts";
import { Budget, type BudgetOptions } from "./budget.ts";
import { Dependents } from "./dependents.ts";
import { type Content, Entry } from "./entry.ts";
import { EntryTable } from "./entry_table.ts";
import { type Ask, Observers } from "./observers.ts";
import { parentsFirst } from "./parents_first.ts";
import { UnfreedValues } from "./unfreed_values.ts";
import { Unloading } from "./unloading.ts";
import { WorkQueue } from "./work_queue.ts";

/** How often an eviction checks again, because its callbacks may have loaded something. */
const EVICTION_ROUNDS = 3;

/** The limits of a cache, and when its callbacks run. */
export interface CacheOptions extends BudgetOptions {
  readonly pacing?: Pacing;
}

/** The parts of a manager that its cache uses. */
export interface CacheParts {
  readonly events: EventHub;
  readonly leaks: LeakReporter;
  readonly index: NameIndex;
}

/** The counters of a cache. They only grow. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly leaks: number;
}

/**
 * The resident resources. They all leave in the same two steps: their entries are *retired*, which
 * removes them from every table, and then their values are unloaded. So a callback that calls the
 * manager always finds a consistent state.
 */
export class Cache {
  readonly entries: EntryTable;
  readonly dependents: Dependents = new Dependents();
  readonly observers: Observers;
  readonly events: EventHub;
  readonly budget: Budget;
  readonly leaks: LeakReporter;
  readonly unloading: Unloading;
  hits = 0;
  misses = 0;
  evictions = 0;
  disposed = false;
  /** The entries that are being inserted or lent: one item for each reference without a handle. */
  readonly borrowed: Entry[] = [];
  #nextId = 0;
  #ticks = 0;
  /** Entries that were unloaded by force and still have open handles, by their ids. */
  readonly #orphans = new Map<number, Entry>();
  readonly #unfreed: UnfreedValues;
  /** Whether a loop unloads idle entries now: it also comes to those that become idle meanwhile. */
  #evicting = false;

  constructor(options: CacheOptions, { events, leaks, index }: CacheParts) {
    this.entries = new EntryTable(index);
    this.observers = new Observers(this.entries);
    this.events = events;
    this.budget = new Budget(options, () => this.#expire());
    this.leaks = leaks;
    leaks.cache = new WeakRef(this);
    this.unloading = new Unloading(events, this.budget, this.#workQueue(options));
    this.#unfreed = new UnfreedValues(events);
  }

  #workQueue({ pacing, clock }: CacheOptions): WorkQueue | undefined {
    if (pacing !== "pumped") return undefined;
    const onChange = (work: QueuedWork) => this.observers.tell("queued", work);
    return new WorkQueue({ events: this.events, clock, onChange });
  }

  /** The counters, for statistics. */
  get counts(): CacheCounts {
    const { hits, misses, evictions, leaks } = this;
    return { hits, misses, evictions, leaks: leaks.count };
  }

  assertUsable(action: string, name?: string): void {
    if (!this.disposed) return;
    throw new ManagerDisposedError(name === undefined ? action : `${action} "${name}"`);
  }

  /** Returns a new moment, later than all before it: ticks say which of two reads began first. */
  tick(): number {
    return ++this.#ticks;
  }

  /** The time now, or `NaN` if nobody needs it: reading the clock costs as much as a small load. */
  get started(): number {
    return this.events.has("load") || this.observers.any ? performance.now() : NaN;
  }

  /** All resident entries, and those that were unloaded by force and still have open handles. */
  known(): Set<Entry> {
    return new Set([...this.entries, ...this.#orphans.values()]);
  }

  /** Makes content resident. Its reference count starts at 1, for the caller. */
  insert(key: string, content: Content, type: AskedType, started: number): Entry {
    const entry = new Entry(key, content, type, { cache: this, id: this.#nextId++ });
    this.entries.add(entry);
    this.dependents.add(entry);
    this.budget.resize(entry.bytes);
    this.borrowed.push(entry);
    this.observers.inserted(entry, started);
    if (this.events.has("load")) {
      const ms = Number.isNaN(started) ? 0 : performance.now() - started;
      this.events.emit("load", { key, type: entry.typeName, bytes: entry.bytes, ms });
    }
    this.#unfreed.check(key, content);
    this.evict();
    this.borrowed.pop();
    this.assertUsable("load", key);
    return entry;
  }

  /** Replaces the content of a resident entry. Returns the old one, for the caller to {@linkcode discard}. */
  swap(entry: Entry, content: Content): Content {
    const difference = content.bytes - entry.bytes;
    this.budget.resize(difference);
    this.budget.idle.drop(entry);
    if (entry.count === 0) this.budget.idle.resize(difference);
    this.dependents.remove(entry);
    const old = entry.swap(content, this.tick());
    if (isSame(old.value, content.value)) old.value = undefined; // Changed in place: still in use.
    this.dependents.add(entry);
    this.observers.tell("swapped", entry);
    this.#unfreed.check(entry.key, content);
    this.evict();
    return old;
  }

  /** Whether a dependency was reloaded after the loader of `entry` had started. */
  isStale({ dependencies, began }: Entry): boolean {
    return dependencies.some((key) => (this.entries.get(key)?.swapped ?? 0) > began);
  }

  /** Called when an idle entry is referenced again, and for each new reference to an observed entry. */
  retained(entry: Entry, ask?: Ask): void {
    if (entry.observed) this.observers.counted(entry, ask);
    if (entry.count === 1) this.budget.becameLive(entry);
  }

  /**
   * Called when the last reference to an entry is released, and for each released reference to an observed
   * entry. Throws what unloading throws.
   */
  released(entry: Entry): void {
    if (entry.observed) {
      this.observers.counted(entry);
      if (entry.count > 0) return;
    }
    const { budget } = this;
    if (entry.fate !== undefined || !budget.appends) this.#lastReleased(entry);
    else {
      budget.becameIdle(entry);
      if (budget.full) this.evict();
    }
  }

  /** Kept out of `released` so that V8 still inlines the common path. */
  #lastReleased(entry: Entry): void {
    if (entry.fate !== undefined) this.#orphans.delete(entry.id);
    else if (this.budget.keepsIdle) this.budget.inherit(entry);
    else {
      this.#retire(entry, "released");
      if (!this.unloading.join(entry)) throwAll(this.#unload([entry]));
    }
  }

  /** Unloads one resident entry, even if it is live. Throws what its callbacks throw. */
  unload(entry: Entry, reason: UnloadReason): void {
    throwAll(this.#remove(entry, reason));
  }

  /**
   * Unloads the idle entry of `key`, if there is one, so that another can take its place. Throws if the
   * entry is live, or if a callback makes the key resident again meanwhile.
   */
  makeRoom(key: string): void {
    const end = this.#nextId;
    for (let entry = this.entries.get(key); entry; entry = this.entries.get(key)) {
      if (entry.count > 0 || entry.id >= end) throw new ResourceExistsError(key, entry.count);
      this.#report(this.#remove(entry, "replaced"));
    }
    this.assertUsable("add", key);
  }

  /**
   * Unloads all idle entries, and those that become idle because of that. Keeps what callbacks load
   * meanwhile. Returns how many were unloaded. O(idle).
   */
  unloadIdle(reason: UnloadReason): number {
    const end = this.#nextId;
    const failures: Failure[] = [];
    let count = 0;
    const evicting = this.#evicting;
    this.#evicting = true; // Entries that become idle here are not evicted: the next batch has them.
    for (;;) {
      const batch = [...this.budget.idle].filter((entry) => entry.id < end);
      if (batch.length === 0) break;
      this.#retireAll(batch, reason);
      this.#unload(batch, failures);
      count += batch.length;
    }
    this.#evicting = evicting;
    this.evict();
    throwAll(failures);
    return count;
  }

  /** Unloads everything. Returns how many were unloaded, and what that threw. */
  unloadAll(reason: UnloadReason): { count: number; failures: Failure[] } {
    const { entries } = this;
    const batch = parentsFirst(
      entries,
      ({ dependencies }) => dependencies.flatMap((key) => entries.get(key) ?? []),
    );
    this.#retireAll(batch, reason);
    const failures = this.#unload(batch);
    return { count: batch.length, failures };
  }

  /** Unloads the idle entries that have reached `maxAge`, and then what only they held. */
  #expire(): void {
    const end = this.#nextId;
    for (;;) {
      const batch = this.budget.expired().filter((entry) => entry.id < end);
      if (batch.length === 0) return;
      this.#retireAll(batch, "expired");
      this.#report(this.#unload(batch));
    }
  }

  /** Unloads the least recently used idle entries while the budget is exceeded. O(1) for each. */
  evict(): void {
    if (this.#evicting || this.unloading.active) return; // The outer call evicts this, too.
    this.#evicting = true;
    // What callbacks load may have to be evicted too. The bound ends a callback that always loads.
    for (let round = 0; round < EVICTION_ROUNDS; round++) this.#evictUpTo(this.#nextId);
    this.#evicting = false;
    if (this.budget.crossed() && this.events.has("overbudget")) {
      this.events.emit("overbudget", { bytes: this.budget.bytes, maxBytes: this.budget.maxBytes! });
    }
  }

  /**
   * Evicts while there are too many bytes or idle entries. Ends at an entry that is newer than the
   * operation: its id is `end` or more.
   */
  #evictUpTo(end: number, maxBytes?: number): void {
    let entry = this.budget.excess(maxBytes);
    while (entry && entry.id < end) {
      this.evictions++;
      this.#report(this.#remove(entry, "evicted"));
      entry = this.budget.excess(maxBytes);
    }
  }

  /** Evicts idle entries until at most `maxBytes` are resident. Returns how many were evicted. */
  trim(maxBytes: number): number {
    assertNumber("trim", maxBytes, "a number of bytes, 0 or more");
    const before = this.evictions;
    if (!this.#evicting) { // Otherwise a callback of an eviction has called this.
      this.#evicting = true;
      this.#evictUpTo(this.#nextId, maxBytes);
      this.#evicting = false;
      this.evict();
    }
    return this.evictions - before;
  }

  /**
   * Unloads a value that is not in an entry. It keeps a value that was changed in place, or that its
   * loader returned though it is resident already: an entry owns that. Errors go to the `error` event.
   */
  discard(key: string, content: Content): void {
    const failures: Failure[] = [];
    const stays = content.isUpdated || isSame(content.value, this.entries.get(key)?.value);
    const discarded = stays ? { ...content, value: undefined } : content;
    if (this.unloading.discard(key, discarded, failures)) this.#evictExcess();
    this.#report(failures);
  }

  /** Releases what a load took before it failed or was withdrawn. Errors go to the `error` event. */
  unwind(key: string, context: DisposableStack): void {
    this.discard(key, { value: undefined, bytes: 0, unloader: {}, context });
  }

  /** Releases the reference of a handle that was garbage-collected. Errors go to the `error` event. */
  releaseLeaked(resource: LeasedResource): void {
    this.drop(this.leasedEntry(resource));
  }

  /** Releases a reference that no caller holds. Errors go to the `error` event. */
  drop(entry: Entry): void {
    try {
      entry.release();
    } catch (error) {
      this.events.fail(error, entry.key);
    }
  }

  /** The resource of an open handle. */
  leasedEntry({ key, id }: LeasedResource): Entry {
    const resident = this.entries.get(key);
    return (resident?.id === id ? resident : this.#orphans.get(id))!;
  }

  /** Unloads everything and ends the cache. Returns what that threw. Later calls do nothing. */
  dispose(): Failure[] {
    if (this.disposed) return [];
    this.disposed = true;
    this.budget.disarm();
    recordScopes();
    const known = this.known();
    const failures = this.unloading.flush();
    failures.push(...this.unloadAll("disposed").failures);
    for (const entry of known) {
      this.leaks.reportOpen(entry, this.borrowed.filter((each) => each === entry).length);
    }
    this.leaks.end();
    return failures;
  }

  #remove(entry: Entry, reason: UnloadReason): Failure[] {
    this.#retire(entry, reason);
    return this.#unload([entry]);
  }

  /** Removes resident entries from every table. Their values stay until they are unloaded. */
  #retireAll(entries: readonly Entry[], reason: UnloadReason): void {
    this.entries.deleteAll(entries);
    for (const entry of entries) this.#forget(entry, reason);
  }

  #retire(entry: Entry, reason: UnloadReason): void {
    this.entries.delete(entry);
    this.#forget(entry, reason);
  }

  /** Removes an entry, which has left the table, from everything else. */
  #forget(entry: Entry, reason: UnloadReason): void {
    this.dependents.remove(entry);
    this.budget.remove(entry);
    entry.retire(reason);
    this.observers.retired(entry);
    if (entry.count > 0) this.#orphans.set(entry.id, entry);
  }

  /**
   * Unloads the values of retired entries. Entries that lose their last reference meanwhile join the
   * queue. Returns what that threw.
   */
  #unload(queue: Entry[], failures: Failure[] = []): Failure[] {
    if (this.unloading.run(queue, failures)) this.#evictExcess();
    return failures;
  }

  #evictExcess(): void {
    if (this.budget.excess()) this.evict();
  }

  #report(failures: Failure[]): void {
    for (const { error, key } of failures) this.events.fail(error, key);
  }
}

/** Whether two values are the same object, which is unloaded once. Equal strings are two values. */
function isSame(value: unknown, other: unknown): boolean {
  return typeof value !== "string" && value === other;
}
