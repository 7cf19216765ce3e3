import type { Caller } from "../leaks/nursery.ts";
import type { Budget } from "./budget.ts";
import { Dependents } from "./dependents.ts";
import {
  type Content,
  Entry,
  type EntryOwner,
  type HandleLease,
  type StrictlyHeld,
  unloadValue,
} from "./entry.ts";
import type { EntryTable } from "./entry_table.ts";
import { ManagerDisposedError, ResourceExistsError } from "../contract/errors.ts";
import { type Failure, flatten, throwAll } from "./failures.ts";
import type { EventHub, UnloadReason } from "../contract/events.ts";
import type { LeakReporter } from "../leaks/reporter.ts";
import type { ResourceType } from "../contract/loader.ts";
import { Observers } from "./observers.ts";
import type { StrictWatch } from "../leaks/strict_watch.ts";
import { type Counts, findTelemetry, type Telemetry } from "../report/telemetry.ts";

/** How often an eviction looks again for what callbacks have loaded meanwhile. */
const EVICTION_ROUNDS = 3;

/**
 * The resident resources. Everything that leaves goes the same way: *settle*, which takes entries
 * out of all tables, and then *finish*, which unloads their values, so that a callback that calls
 * back finds everything in order.
 */
export class Cache implements EntryOwner, Counts {
  readonly entries: EntryTable;
  readonly dependents: Dependents = new Dependents();
  readonly observers: Observers;
  readonly events: EventHub;
  readonly budget: Budget;
  readonly leaks: LeakReporter;
  readonly detects: boolean;
  readonly watchesAll: boolean;
  readonly strict: StrictWatch<StrictlyHeld> | undefined;
  readonly telemetry: Telemetry | undefined = findTelemetry();
  hits = 0;
  misses = 0;
  evictions = 0;
  disposed = false;
  /** Told of each entry as soon as it is resident. */
  onInsert: (entry: Entry) => void = () => {};
  #nextId = 0;
  /** Entries with a reference that no handle stands for: those on their way in, and borrowed ones. */
  readonly borrowed: Entry[] = [];
  /** Forced-out entries that handles still refer to. */
  #orphans = new Set<Entry>();
  /** While values are being unloaded: settled entries that lost their last reference by it. */
  #cascade: Entry[] | undefined = undefined;
  #cascadeEnd: PromiseWithResolvers<void> | undefined = undefined;
  #evicting = false;
  #promised = new Set<Promise<void>>();
  /** Where the errors of promised unloads go while the asynchronous disposal waits for them. */
  #gathered: Failure[] | undefined = undefined;

  constructor(entries: EntryTable, events: EventHub, budget: Budget, leaks: LeakReporter) {
    this.entries = entries;
    this.observers = new Observers(entries);
    this.events = events;
    this.budget = budget;
    this.leaks = leaks;
    this.detects = leaks.detect;
    this.watchesAll = leaks.watchesAll;
    this.strict = leaks.strict;
    this.telemetry?.count(this);
  }

  get leakCount(): number {
    return this.leaks.count;
  }

  get bytes(): number {
    return this.budget.bytes;
  }

  assertUsable(action: string, name?: string): void {
    if (!this.disposed) return;
    throw new ManagerDisposedError(name === undefined ? action : `${action} "${name}"`);
  }

  site(caller: Caller): string | undefined {
    return this.leaks.site(caller);
  }

  /** The time for the `load` event, if anybody listens to that: to look costs as much as a small load. */
  get started(): number {
    return this.events.has("load") || this.observers.any ? performance.now() : NaN;
  }

  /** All that is resident, and all that was forced out and handles still refer to. */
  known(): Set<Entry> {
    return new Set([...this.entries, ...this.#orphans]);
  }

  /** Makes content resident, with one reference for the caller. */
  insert(key: string, content: Content, type: ResourceType<unknown>, started: number): Entry {
    const entry = new Entry(key, content, type, { owner: this, id: this.#nextId++ });
    this.entries.add(entry);
    this.dependents.add(entry);
    this.budget.resize(entry.bytes);
    this.borrowed.push(entry);
    this.observers.inserted(entry, started);
    if (this.events.has("load")) {
      const ms = Number.isNaN(started) ? 0 : performance.now() - started;
      this.events.emit("load", { key, type: entry.typeName, bytes: entry.bytes, ms });
    }
    this.evict();
    this.borrowed.pop();
    this.assertUsable("load", key);
    this.onInsert(entry);
    return entry;
  }

  /** Puts new content into a resident entry, and unloads the old. */
  swap(entry: Entry, content: Content): void {
    const difference = content.bytes - entry.bytes;
    this.budget.resize(difference);
    this.budget.idle.drop(entry);
    if (entry.refs === 0) this.budget.idle.resize(difference);
    this.dependents.remove(entry);
    const old = entry.swap(content); // What is discarded may call back: the entry is whole by then.
    this.dependents.add(entry);
    this.observers.swapped(entry);
    this.discard(entry.key, old);
    this.evict();
  }

  becameLive(entry: Entry): void {
    if (entry.count === 1 || this.observers.counted(entry) === 1) this.budget.becameLive(entry);
  }

  lastReferenceGone(entry: Entry): void {
    if (entry.count !== 0 && this.observers.counted(entry) !== 0) return;
    const { budget } = this;
    if (entry.fate !== undefined || !budget.keepsIdle) this.#released(entry);
    else {
      budget.becameIdle(entry);
      if (budget.full) this.evict();
    }
  }

  /** What does not stay. Apart, so that V8 finds it worth to inline what does. */
  #released(entry: Entry): void {
    if (entry.fate !== undefined) this.#orphans.delete(entry);
    else {
      this.#settle(entry, "released");
      if (this.#cascade !== undefined) this.#cascade.push(entry);
      else throwAll(this.#finish([entry]));
    }
  }

  /** Unloads one resident entry, whatever references it. Throws what that throws. */
  unload(entry: Entry, reason: UnloadReason): void {
    this.#settle(entry, reason);
    throwAll(this.#finish([entry]));
  }

  /**
   * Unloads the idle entry of `key`, if there is one, for another that takes its place. Throws if the
   * key is live, or if a callback takes the place meanwhile.
   */
  makeRoom(key: string): void {
    const end = this.#nextId;
    for (let entry = this.entries.get(key); entry !== undefined; entry = this.entries.get(key)) {
      if (entry.refs > 0 || entry.id >= end) throw new ResourceExistsError(key, entry.refs);
      this.#settle(entry, "replaced");
      this.#tell(this.#finish([entry]));
    }
    this.assertUsable("add", key);
  }

  /**
   * Unloads what is idle, and what that makes idle, until nothing is. What callbacks load meanwhile
   * stays. Returns how many went. O(idle).
   */
  unloadIdle(reason: UnloadReason): number {
    const end = this.#nextId;
    const failures: Failure[] = [];
    let count = 0;
    const evicting = this.#evicting;
    this.#evicting = true; // What becomes idle here goes for this reason, and counts.
    for (;;) {
      const batch = this.budget.idle.toArray().filter((entry) => entry.id < end);
      if (batch.length === 0) break;
      this.#settleAll(batch, reason);
      this.#finish(batch, failures);
      count += batch.length;
    }
    this.#evicting = evicting;
    this.evict();
    throwAll(failures);
    return count;
  }

  /** Unloads everything. Returns how many went, and what they threw. */
  unloadAll(reason: UnloadReason): { count: number; failures: Failure[] } {
    const batch = this.#parentsFirst();
    this.#settleAll(batch, reason);
    const failures = this.#finish(batch);
    return { count: batch.length, failures };
  }

  /** Unloads idle entries that have outlived their age. */
  expire(entries: Entry[]): void {
    this.#settleAll(entries, "expired");
    this.#tell(this.#finish(entries));
  }

  /** Unloads the least recently used idle entries while there is too much. O(1) for each that goes. */
  evict(): void {
    if (this.#evicting || this.#cascade !== undefined) return; // Whoever is at it goes on to the end.
    this.#evicting = true;
    // What callbacks load meanwhile may have to go too; one that loads for ever must not go on for ever.
    for (let round = 0; round < EVICTION_ROUNDS; round++) this.#evictUpTo(this.#nextId);
    this.#evicting = false;
    if (this.budget.crossed() && this.events.has("overbudget")) {
      this.events.emit("overbudget", { bytes: this.budget.bytes, maxBytes: this.budget.maxBytes! });
    }
  }

  #evictUpTo(end: number): void {
    let entry = this.budget.excess();
    while (entry !== null && entry.id < end) {
      this.evictions++;
      this.#settle(entry, "evicted");
      this.#tell(this.#finish([entry]));
      entry = this.budget.excess();
    }
  }

  /** Unloads a value that no entry has taken, or takes no more. Errors go to the `error` event. */
  discard(key: string, content: Content): void {
    const failures: Failure[] = [];
    this.#cascading([], failures, () => this.#unload(key, content, failures));
    this.#tell(failures);
  }

  /** Gives back what a load that made no value has taken. Errors go to the `error` event. */
  unwind(key: string, context: DisposableStack): void {
    this.discard(key, { value: undefined, bytes: 0, unloader: {}, context });
  }

  leaked(entry: Entry, lease: HandleLease): void {
    if (this.disposed) return; // The disposal has reported it.
    try {
      entry.release();
    } catch (error) {
      this.events.fail(error, entry.key);
    }
    this.leaks.collected(entry, lease);
  }

  /** Unloads everything, for good. Returns what that threw. Later calls do nothing. */
  dispose(): Failure[] {
    if (this.disposed) return [];
    this.disposed = true;
    this.budget.disarm();
    const known = this.known();
    const { failures } = this.unloadAll("disposed");
    for (const entry of known) {
      this.leaks.open(entry, this.borrowed.filter((each) => each === entry).length);
    }
    return failures;
  }

  /** Waits for `others`, and for promised unloads. Resolves to what those threw. */
  async promisedUnloads(others: Promise<unknown>): Promise<Failure[]> {
    const failures = this.#gathered ??= [];
    await others;
    // A callback that disposes the manager is one of several: the others have their turn first.
    if (this.#cascade !== undefined) await (this.#cascadeEnd ??= Promise.withResolvers()).promise;
    while (this.#promised.size > 0) await Promise.all(this.#promised);
    this.#gathered = undefined;
    return failures.splice(0);
  }

  /** Takes resident entries out of every table. Their values stay until they are finished. */
  #settleAll(entries: readonly Entry[], reason: UnloadReason): void {
    this.entries.deleteAll(entries);
    for (const entry of entries) this.#retire(entry, reason);
  }

  #settle(entry: Entry, reason: UnloadReason): void {
    this.entries.delete(entry);
    this.#retire(entry, reason);
  }

  #retire(entry: Entry, reason: UnloadReason): void {
    this.dependents.remove(entry);
    this.budget.remove(entry);
    entry.settle(reason);
    this.observers.settled(entry);
    if (entry.refs > 0) this.#orphans.add(entry);
  }

  /**
   * Unloads settled entries, and then those that this leaves without a reference, which join the
   * queue. Returns what that threw.
   */
  #finish(queue: Entry[], failures: Failure[] = []): Failure[] {
    this.#cascading(queue, failures);
    return failures;
  }

  /** Runs `first`, and finishes all that is in the queue or joins it meanwhile. */
  #cascading(queue: Entry[], failures: Failure[], first?: () => void): void {
    const outer = this.#cascade;
    this.#cascade = queue;
    try {
      first?.();
      for (const entry of queue) this.#finishOne(entry, failures);
    } finally {
      this.#cascade = outer;
    }
    if (outer !== undefined) return;
    this.#cascadeEnd?.resolve();
    this.#cascadeEnd = undefined;
    if (this.budget.excess() !== null) this.evict();
  }

  #tell(failures: Failure[]): void {
    for (const { error, key } of failures) this.events.fail(error, key);
  }

  #finishOne(entry: Entry, failures: Failure[]): void {
    const { key, bytes, fate } = entry;
    this.#unload(key, entry.empty(), failures);
    if (this.events.has("unload")) {
      this.events.emit("unload", { key, type: entry.typeName, bytes, reason: fate! });
    }
  }

  /** Unloads a value, and then gives back what its loader took for it. */
  #unload(key: string, content: Content, failures: Failure[]): void {
    try {
      const promise = content.value !== undefined && unloadValue(content.unloader, content.value);
      if (typeof (promise as PromiseLike<void>)?.then === "function") {
        this.#promise(key, promise as PromiseLike<void>);
      }
    } catch (error) {
      failures.push({ error, key });
    }
    try {
      content.context?.dispose();
    } catch (error) {
      for (const each of flatten(error)) failures.push({ error: each, key });
    }
  }

  #promise(key: string, unloading: PromiseLike<void>): void {
    const promise = Promise.resolve(unloading).catch((error) => {
      if (this.#gathered !== undefined) this.#gathered.push({ error, key });
      else this.events.fail(error, key);
    }).finally(() => this.#promised.delete(promise));
    this.#promised.add(promise);
  }

  /** All entries, each before those that it depends on. */
  #parentsFirst(): Entry[] {
    const order: Entry[] = [];
    const seen = new Set<Entry>();
    const visit = (entry: Entry | undefined) => {
      if (entry === undefined || seen.has(entry)) return;
      seen.add(entry);
      for (const key of entry.dependencies) visit(this.entries.get(key));
      order.push(entry);
    };
    for (const entry of this.entries) visit(entry);
    return order.reverse();
  }
}
