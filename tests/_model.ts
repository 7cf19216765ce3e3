/**
 * Random operations on a manager and a naive model, with every invariant checked after each. Half of
 * the managers are paced: the model is the same, but values wait for a pump before they are unloaded.
 */
import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Handle,
  MemorySource,
  ReferenceCountError,
  ResourceExistsError,
  ResourceManager,
  type ResourceManagerOptions,
  ResourceNotLoadedError,
  ResourceUnloadedError,
} from "../mod.ts";
import { cacheOf } from "../src/cache/managers.ts";
import { FakeClock } from "./_fake_clock.ts";
import { seedOfRun, type Step, stepLists } from "./_random_steps.ts";
import { Thing, ThingLoader } from "./_thing.ts";

/** Leaves, and parents that name other files. The size of a file is that of its text. */
const FILES: Record<string, string> = {
  "a.thing": "a",
  "b.thing": "bb",
  "c.thing": "ccc",
  "d.thing": "dddddddddd",
  "z.thing": "",
  "p.thing": "a.thing\nb.thing",
  "q.thing": "p.thing\nc.thing",
  "e.thing": "z.thing\nd.thing",
};
const KEYS = Object.keys(FILES);
/** A parent of 0 bytes: unloading it frees only what it holds. */
const EMPTY = "e.thing";
const ADDED = "added";
/** The first time on the clock; the model counts from 0. */
const START = new FakeClock().now();

/** How long a pump may run, in ms. */
const PUMPS = [0, 0, 1, Infinity];
const NOTHING = { loads: 0, unloads: 0, bytes: 0 };

function bytesOf({ key, text }: Thing): number {
  return key === ADDED ? text.length : sizeOf(key);
}

function sizeOf(key: string): number {
  return key === EMPTY ? 0 : FILES[key]!.length;
}

class SizedLoader extends ThingLoader {
  byteLength({ key }: Thing): number {
    return sizeOf(key);
  }
}

/** One resident resource, as the model sees it. */
interface Resident {
  readonly key: string;
  bytes: number;
  /** The open handles, and the dependents that hold a reference. */
  readonly refs: Set<unknown>;
  manual: number;
  readonly dependencies: Resident[];
  version: number;
  idleSince: number;
  unloaded: boolean;
}

interface Policy {
  readonly keeps: boolean;
  readonly pumped: boolean;
  readonly maxBytes: number;
  readonly maxEntries: number;
  readonly maxAge: number;
}

/** What a manager should do. Nothing here is fast, and everything is obvious. */
class Model {
  readonly resident = new Map<string, Resident>();
  /**
   * The idle entries, the least recently used first. An entry that is being unloaded stays until the
   * entries that only it held have taken its place.
   */
  #order: Resident[] = [];
  evictions = 0;
  /** The entries that the running reload has reached: they are not evicted. */
  readonly pinned = new Set<Resident>();
  time = 0;
  /** Whether all idle entries are being unloaded: nothing is evicted meanwhile. */
  #unloadingIdle = false;
  #cascades = 0;
  readonly #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get bytes(): number {
    return [...this.resident.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The idle entries, the one that has been idle longest first. */
  get idle(): Resident[] {
    return this.#order.filter(({ unloaded }) => !unloaded);
  }

  /** The bytes of the idle entries, and of all entries that only those hold, directly or not. */
  get reclaimable(): number {
    const going = new Set<unknown>(this.idle);
    const goes = (entry: Resident) =>
      !going.has(entry) && entry.manual === 0 && [...entry.refs].every((ref) => going.has(ref));
    const all = [...this.resident.values()];
    for (let next = all.find(goes); next !== undefined; next = all.find(goes)) going.add(next);
    return all.filter((entry) => going.has(entry)).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  refCount(entry: Resident): number {
    return entry.refs.size + entry.manual;
  }

  demand(key: string, holder: unknown): Resident {
    let entry = this.resident.get(key);
    if (entry !== undefined) {
      this.take(entry, holder);
      return entry;
    }
    const dependencies: Resident[] = [];
    entry = this.#make(key, sizeOf(key), dependencies);
    for (const name of FILES[key]!.split("\n").filter((line) => line.endsWith(".thing"))) {
      dependencies.push(this.demand(name, entry));
    }
    this.#insert(entry, holder);
    return entry;
  }

  add(key: string, bytes: number, holder: unknown): Resident {
    const old = this.resident.get(key);
    if (old !== undefined) this.unload(old);
    const entry = this.#make(key, bytes, []);
    this.#insert(entry, holder);
    return entry;
  }

  take(entry: Resident, holder: unknown): void {
    this.#leaveOrder(entry);
    if (holder === undefined) entry.manual++;
    else entry.refs.add(holder);
  }

  give(entry: Resident, holder: unknown): void {
    if (holder === undefined) entry.manual--;
    else if (!entry.refs.delete(holder)) return;
    if (entry.unloaded || this.refCount(entry) > 0) return;
    if (!this.#policy.keeps) return this.unload(entry);
    const parent = this.#order.find((other) => other === holder && other.unloaded);
    entry.idleSince = parent?.idleSince ?? this.time;
    this.#order.splice(parent ? this.#order.indexOf(parent) : Infinity, 0, entry);
    this.evict();
  }

  unload(entry: Resident): void {
    this.#remove(entry);
    this.#unlink([entry]);
  }

  /** Releases what unloaded entries held, and evicts only after all of it. */
  #unlink(entries: Resident[]): void {
    this.#cascades++;
    for (const entry of entries) {
      for (const dependency of entry.dependencies.toReversed()) this.give(dependency, entry);
      this.#leaveOrder(entry);
    }
    this.#cascades--;
    this.evict();
  }

  unloadIdle(): number {
    const before = this.resident.size;
    this.#unloadingIdle = true;
    while (this.idle.length > 0) {
      const batch = [...this.idle];
      for (const entry of batch) this.#remove(entry);
      this.#unlink(batch);
    }
    this.#unloadingIdle = false;
    return before - this.resident.size;
  }

  clearAll(): number {
    const all = [...this.resident.values()];
    for (const entry of all) this.#remove(entry);
    this.#unlink(all);
    return all.length;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = (this.idle[0]?.idleSince ?? Infinity) + this.#policy.maxAge;
      if (!(due <= end)) break;
      this.time = Math.max(this.time, due);
      const expired = this.idle.filter(({ idleSince }) =>
        idleSince + this.#policy.maxAge <= this.time
      );
      for (const entry of expired) this.#remove(entry);
      this.#unlink(expired);
    }
    this.time = end;
  }

  evict(): void {
    const { maxBytes, maxEntries } = this.#policy;
    if (this.#unloadingIdle || this.#cascades > 0) return;
    for (;;) {
      const idle = this.idle.filter((entry) => !this.pinned.has(entry));
      const frees = ({ bytes, dependencies }: Resident) => bytes > 0 || dependencies.length > 0;
      const next = this.bytes > maxBytes && idle.find(frees) ||
        this.idle.length > maxEntries && idle[0];
      if (!next) return;
      this.evictions++;
      this.unload(next);
    }
  }

  #make(key: string, bytes: number, dependencies: Resident[]): Resident {
    return {
      key,
      bytes,
      refs: new Set(),
      manual: 0,
      dependencies,
      version: 1,
      idleSince: 0,
      unloaded: false,
    };
  }

  #insert(entry: Resident, holder: unknown): void {
    this.resident.set(entry.key, entry);
    this.take(entry, holder);
    this.evict();
  }

  #remove(entry: Resident): void {
    this.resident.delete(entry.key);
    entry.unloaded = true;
    entry.manual = 0;
  }

  #leaveOrder(entry: Resident): void {
    this.#order = this.#order.filter((other) => other !== entry);
  }
}

interface Open {
  readonly handle: Handle<Thing>;
  readonly entry: Resident;
}

/** The manager and the model, side by side. */
class Pair implements Disposable {
  readonly #clock = new FakeClock();
  readonly #loader = new SizedLoader();
  readonly #mgr: ResourceManager;
  readonly #model: Model;
  readonly #open: Open[] = [];
  readonly #added: Thing[] = [];
  #leaks = 0;
  operations = 0;

  constructor(policy: Policy) {
    this.#model = new Model(policy);
    const { keeps, pumped, maxBytes, maxEntries, maxAge } = policy;
    const options: ResourceManagerOptions = {
      pacing: pumped ? "pumped" : "immediate",
      source: new MemorySource(FILES),
      loaders: [this.#loader],
      clock: this.#clock,
      idle: keeps ? { maxEntries, maxAge } : "unload",
      leaks: { onLeak: () => this.#leaks++ },
    };
    if (maxBytes !== Infinity) options.maxBytes = maxBytes;
    this.#mgr = new ResourceManager(options);
    this.#mgr.on("warning", () => {}); // of what is not unloaded because it is in use
  }

  run([kind, first, second]: Step): void {
    const key = KEYS[first % KEYS.length]!;
    const open = this.#open[second % Math.max(1, this.#open.length)];
    const steps: (() => void)[] = [
      () => this.#load(key),
      () => this.#load(`./x/../${key}`),
      () => this.#dispose(second),
      () => this.#dispose(second),
      () => this.#dispose(first),
      () => this.#clone(open),
      () => this.#get(key),
      () => this.#acquire(key),
      () => this.#release(key),
      () => this.#unload(key, second % 3 === 0),
      () => assertEquals(this.#mgr.unloadUnused(), this.#model.unloadIdle()),
      () => this.#add(first),
      () => this.#reload(key),
      () => this.#weak(open),
      () => this.#advance(second),
      () => second % 8 === 0 && this.#clear(first % 2 === 0),
      () => this.#pump(PUMPS[second % PUMPS.length]!),
    ];
    steps[kind % steps.length]!();
    this.operations++;
    this.check();
  }

  #track(handle: Handle<Thing>, holder: object, entry: Resident): void {
    // The model has a set of holders, not a count, so it needs the handle itself.
    entry.refs.delete(holder);
    entry.refs.add(handle);
    this.#open.push({ handle, entry });
  }

  #load(name: string): void {
    const key = name.replace("./x/../", "");
    const known = this.#model.resident.get(key);
    const holder = {};
    if (known === undefined || this.#isThing(known)) {
      const handle = this.#mgr.load(name, Thing);
      this.#track(handle, holder, this.#model.demand(key, holder));
    }
  }

  #isThing(entry: Resident): boolean {
    return entry.key !== ADDED;
  }

  #dispose(choice: number): void {
    if (this.#open.length === 0) return;
    const [{ handle, entry }] = this.#open.splice(choice % this.#open.length, 1) as [Open];
    handle[Symbol.dispose]();
    this.#model.give(entry, handle);
    if (choice % 4 === 0) handle[Symbol.dispose]();
  }

  #clone(open: Open | undefined): void {
    if (open === undefined || open.entry.unloaded) return;
    const holder = {};
    this.#model.take(open.entry, holder);
    this.#track(open.handle.clone(), holder, open.entry);
  }

  #get(key: string): void {
    const entry = this.#model.resident.get(key);
    const handle = this.#mgr.get(key, Thing);
    assertEquals(handle !== undefined, entry !== undefined);
    if (handle === undefined || entry === undefined) return;
    const holder = {};
    this.#model.take(entry, holder);
    this.#track(handle, holder, entry);
  }

  #acquire(key: string): void {
    const entry = this.#model.resident.get(key);
    expectError(() => this.#mgr.acquire(key), entry === undefined && ResourceNotLoadedError);
    if (entry !== undefined) this.#model.take(entry, undefined);
  }

  #release(key: string): void {
    const entry = this.#model.resident.get(key);
    const error = entry === undefined
      ? ResourceNotLoadedError
      : entry.manual === 0 && ReferenceCountError;
    expectError(() => this.#mgr.release(key), error);
    if (entry !== undefined && !error) this.#model.give(entry, undefined);
  }

  #unload(key: string, force: boolean): void {
    const entry = this.#model.resident.get(key);
    const goes = entry !== undefined && (force || this.#model.refCount(entry) === 0);
    assertEquals(this.#mgr.unload(key, { force }), goes);
    if (goes) this.#model.unload(entry);
  }

  #add(size: number): void {
    const entry = this.#model.resident.get(ADDED);
    const live = entry !== undefined && this.#model.refCount(entry) > 0;
    const thing = new Thing(ADDED, "#".repeat(size % 7));
    const options = { byteLength: size % 7, unload: (it: Thing) => void it.unloads++ };
    const holder = {};
    expectError(() => {
      const handle = this.#mgr.add(ADDED, thing, options);
      this.#added.push(thing);
      this.#track(handle, holder, this.#model.add(ADDED, size % 7, holder));
    }, live && ResourceExistsError);
  }

  #reload(key: string): void {
    const entry = this.#model.resident.get(key);
    expectError(() => this.#mgr.reload(key), entry === undefined && ResourceNotLoadedError);
    if (entry !== undefined) this.#reloadModel(entry);
  }

  /** Reads the same files again: versions grow, and dependencies are looked up again. */
  #reloadModel(entry: Resident): void {
    const parents = (key: string) =>
      [...this.#model.resident.values()].filter(({ dependencies }) =>
        dependencies.some((each) => each.key === key)
      );
    const order = [entry];
    for (const each of order) {
      for (const parent of parents(each.key)) if (!order.includes(parent)) order.push(parent);
    }
    const rank = (each: Resident) => KEYS.indexOf(each.key);
    for (const each of order.sort((x, y) => rank(x) - rank(y))) {
      if (each.unloaded) continue;
      this.#model.pinned.add(each); // Until all is reloaded, it is not evicted.
      const old = [...each.dependencies];
      const holders = old.map(() => ({}));
      const fresh = old.map(({ key }, i) => this.#model.demand(key, holders[i]));
      each.version++;
      old.toReversed().forEach((dependency) => this.#model.give(dependency, each));
      fresh.forEach((dependency, i) => {
        dependency.refs.delete(holders[i]);
        dependency.refs.add(each);
      });
      each.dependencies.splice(0, old.length, ...fresh);
    }
    this.#model.pinned.clear();
    this.#model.evict();
  }

  #weak(open: Open | undefined): void {
    if (open === undefined) return;
    const handle = open.handle.weak().upgrade();
    assertEquals(handle === undefined, open.entry.unloaded);
    if (handle === undefined) return;
    const holder = {};
    this.#model.take(open.entry, holder);
    this.#track(handle, holder, open.entry);
  }

  #advance(choice: number): void {
    this.#clock.advance(choice % 50);
    this.#model.advance(choice % 50);
  }

  #clear(force: boolean): void {
    assertEquals(
      this.#mgr.clear({ force }),
      force ? this.#model.clearAll() : this.#model.unloadIdle(),
    );
  }

  /** Callbacks take no time on this clock: a pump runs one piece, or all of them. */
  #pump(maxMs: number): void {
    const { unloads = 0 } = this.#mgr.cacheStats().queued ?? {};
    const left = maxMs === 0 ? Math.max(0, unloads - 1) : 0;
    assertEquals(this.#mgr.pump({ maxMs }), left);
  }

  check(): void {
    const mgr = this.#mgr;
    const model = this.#model;
    assertEquals(mgr.size, model.resident.size);
    assertEquals(mgr.bytes, model.bytes);
    assertEquals(mgr.idleBytes, model.idle.reduce((sum, { bytes }) => sum + bytes, 0));
    assertEquals(mgr.reclaimableBytes, model.reclaimable);
    for (const { handle, entry } of this.#open) {
      if (entry.unloaded) expectError(() => handle.value, ResourceUnloadedError);
      else assertStrictEquals(handle.value, mgr.peek(entry.key));
      assertEquals(handle.version, entry.version);
    }
    if (this.operations % 8 === 0) this.#checkStats();
  }

  #checkStats(): void {
    const { resources, evictions, idleCount } = this.#mgr.cacheStats();
    assertEquals(Object.keys(resources).sort(), [...this.#model.resident.keys()].sort());
    assertEquals([evictions, idleCount], [this.#model.evictions, this.#model.idle.length]);
    for (const [key, entry] of this.#model.resident) {
      const { refCount, handles, state, version, lastAccessed } = resources[key]!;
      if (refCount === 0) assertEquals([key, lastAccessed], [key, START + entry.idleSince]);
      assertEquals([key, refCount, handles], [key, this.#model.refCount(entry), entry.refs.size]);
      assertEquals([state, version], [refCount > 0 ? "live" : "idle", entry.version]);
    }
    this.#checkValues(this.#model.resident.size);
  }

  /** Every value that was made is resident, or waits to be unloaded, or was unloaded exactly once. */
  #checkValues(resident: number): void {
    const values = [...this.#loader.values, ...this.#added];
    const { loads, unloads, bytes } = this.#mgr.cacheStats().queued ?? NOTHING;
    const alive = values.filter((each) => each.unloads === 0);
    assertEquals(values.filter((each) => each.unloads > 1), []);
    assertEquals([alive.length, loads], [resident + unloads, 0]);
    const aliveBytes = alive.reduce((sum, each) => sum + bytesOf(each), 0);
    assertEquals(aliveBytes, this.#mgr.bytes + bytes);
  }

  [Symbol.dispose](): void {
    this.#mgr[Symbol.dispose]();
    this.#checkValues(0);
    assertEquals([this.#leaks, this.#clock.pending], [this.#open.length, 0]);
    for (const { handle } of this.#open) handle[Symbol.dispose]();
    assertEquals([this.#mgr.size, this.#mgr.bytes, this.#mgr.idleBytes], [0, 0, 0]);
    const { dependents } = cacheOf(this.#mgr);
    assertEquals(KEYS.filter((key) => dependents.of(key) !== dependents.of("")), []);
  }
}

function expectError(run: () => void, kind: (new (...args: never[]) => Error) | false): void {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  if (kind === false && thrown !== undefined) throw thrown;
  if (kind !== false && !(thrown instanceof kind)) {
    throw new Error(`Expected ${kind.name}, got ${thrown}`);
  }
}

const policy = fc.record({
  keeps: fc.boolean(),
  pumped: fc.boolean(),
  maxBytes: fc.constantFrom(Infinity, 5, 20, 40),
  maxEntries: fc.constantFrom(Infinity, 0, 1, 3),
  maxAge: fc.constantFrom(Infinity, 30, 100),
});
const MAX_STEPS = 500;
/** How long shrinking a failure may take: the shortest list found by then is printed. */
const SHRINK_MS = 60_000;

/** Throws unless manager and model agree, over at least `operations` random operations. */
export function checkManager(operations: number): void {
  const seed = seedOfRun();
  let done = 0;
  const property = fc.property(policy, stepLists(MAX_STEPS), (rules, list: Step[]) => {
    using pair = new Pair(rules);
    for (const step of list) pair.run(step);
    done += pair.operations;
  });
  // A failure prints the seed and the shortest list of steps; MODEL_SEED runs it again.
  for (let run = 0; done < operations; run++) {
    fc.assert(property, { seed: seed + run, interruptAfterTimeLimit: SHRINK_MS });
  }
}
