import type { Caller } from "../leaks/nursery.ts";
import type { Cache } from "../cache/cache.ts";
import type { Content, Entry, LeaseDetails, Owner } from "../cache/entry.ts";
import { LoaderNotFoundError, ManagerDisposedError, ResourceCycleError } from "../contract/errors.ts";
import {
  type Bundle,
  type LoadAllOptions,
  loadBundle,
  type LoadedBundle,
  type LoadOne,
  type LoadProgress,
} from "../contract/bundle.ts";
import type { Handle } from "../contract/handle.ts";
import { Flight, type FlightControl, type FlightPlan, type Request, Waiter } from "./flight.ts";
import type { LoadPriority, LoadTask } from "../contract/task.ts";
import type { AsyncLoadContext, ResourceType } from "../contract/loader.ts";
import { SynchronousContext } from "./load_context.ts";
import { wrap } from "./load_failure.ts";
import { assertBytes, type Loading, refusePromise } from "./loading.ts";
import { resolveRelative } from "../names/names.ts";
import type { ScopeHost } from "../scope.ts";
import type { ReadOptions } from "../contract/source.ts";
import { PendingLoad } from "./pending_load.ts";
import { assertPriority, moreUrgent, ReadQueue } from "./read_queue.ts";
import { handleOf } from "../handles/resource_handle.ts";
import { assertIsType, isOf } from "../names/resource_type.ts";

/** Loads without blocking: one read and one decoding for each key, whoever waits for it. */
export class Flights implements ScopeHost, FlightControl {
  readonly #cache: Cache;
  readonly #loading: Loading;
  readonly #queue: ReadQueue;
  readonly #flights = new Map<string, Flight>();
  readonly #reloads = new Set<Flight>();
  /** How many loads and reloads run, withdrawn ones included. */
  #running = 0;
  /** Resolves when none runs any more, once somebody waits for that. */
  #quiet: PromiseWithResolvers<void> | undefined = undefined;

  constructor(cache: Cache, loading: Loading, maxConcurrency: number) {
    this.#cache = cache;
    this.#loading = loading;
    this.#queue = new ReadQueue(maxConcurrency);
    cache.onInsert = (entry) => this.#superseded(entry);
  }

  /** Never throws: what is wrong is what the task rejects with. */
  load<T>(name: string, type: ResourceType<T>, request: Request): PendingLoad<T> {
    try {
      request.signal?.throwIfAborted();
      if (request.priority !== undefined) assertPriority(name, request.priority);
      this.#cache.assertUsable("load", name);
      assertIsType(name, type);
      if (request.parent !== undefined) this.#loading.assertNoCycle(name, request.parent.chain);
      const resident = this.#loading.find(name);
      if (resident === undefined || !this.#loading.hit(resident, type)) {
        return this.#join(name, type, request);
      }
      this.#cache.entries.remember(name, resident);
      return new PendingLoad(this.#handle<T>(resident, request));
    } catch (error) {
      return PendingLoad.failed(error);
    }
  }

  /** The task of a scope; `caller` is the public method that was called. */
  openAsync<T>(
    name: string,
    type: ResourceType<T>,
    request: Request,
    caller: Caller,
  ): PendingLoad<T> {
    const site = this.#cache.site(caller);
    return this.load(name, type, site === undefined ? request : { ...request, site });
  }

  /** A handle of a scope. */
  open<T>(
    name: string,
    type: ResourceType<T>,
    known: LeaseDetails,
    caller: Caller,
  ): Handle<T> {
    return this.#loading.open(name, type, known, caller);
  }

  /** Loads a bundle by `load`; what its `onProgress` throws goes to the `error` event. */
  async loadAll<B extends Bundle>(
    bundle: B,
    options: LoadAllOptions,
    load: LoadOne,
  ): Promise<LoadedBundle<B>> {
    const onProgress = (progress: LoadProgress) => {
      try {
        options.onProgress?.(progress);
      } catch (error) {
        this.#cache.events.fail(error);
      }
    };
    return await loadBundle(bundle, { ...options, onProgress }, load);
  }

  failed<T>(reason: unknown): PendingLoad<T> {
    return PendingLoad.failed(reason);
  }

  /** Reads and decodes `entry` anew and swaps its value. Rejects, and leaves the old one, if that fails. */
  async reload(entry: Entry): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<Content>();
    const control: FlightControl = {
      land: (_, content) => resolve(content),
      fail: (_, reason) => reject(reason),
      abandon: this.abandon,
    };
    const flight = this.#plan(entry.key, { control, priority: "normal" });
    this.#reloads.add(flight);
    this.#queue.join(flight, flight.priority);
    try {
      this.#loading.swap(entry, await promise, flight.started);
    } finally {
      this.#reloads.delete(flight);
    }
  }

  /** Whether `key` is being loaded. */
  isLoading(key: string): boolean {
    return this.#flights.has(key);
  }

  /** Withdraws every waiter of every load. */
  withdrawAll(reason: (key: string) => unknown): void {
    for (const flight of [...this.#flights.values()]) {
      for (let each = flight.first; each !== undefined; each = each.later) {
        each.task.withdraw(reason(flight.key));
      }
    }
  }

  /** Aborts everything, for good. */
  dispose(): void {
    this.withdrawAll((key) => new ManagerDisposedError(`load "${key}"`));
    for (const flight of this.#reloads) {
      this.abandon(flight);
      flight.plan.control.fail(flight, new ManagerDisposedError(`reload "${flight.key}"`));
    }
  }

  /** Waits until what was withdrawn has really ended. */
  async settled(): Promise<void> {
    if (this.#running > 0) await (this.#quiet ??= Promise.withResolvers()).promise;
  }

  #handle<T>(entry: Entry, { holder, parent, site }: Request): Handle<T> {
    const known = holder === undefined && site === undefined ? undefined : { holder, site };
    return handleOf(entry, known, parent === undefined && this.#cache.detects);
  }

  #join<T>(name: string, type: ResourceType<T>, request: Request): PendingLoad<T> {
    const { priority = "normal", parent } = request;
    const key = this.#loading.keyOf(name);
    const known = this.#flights.get(key);
    const flight = known ?? this.#plan(key, { control: this, priority, parent });
    if (parent !== undefined) assertNoCircle(parent, flight);
    const { task } = new Waiter(flight, name, type, request);
    if (known === undefined) this.#start(flight);
    else this.#raise(flight, priority);
    return task as PendingLoad<T>;
  }

  #plan(key: string, plan: Omit<FlightPlan, "key" | "loader">): Flight {
    const loader = this.#loading.loaderOf(key);
    if (loader === undefined) throw new LoaderNotFoundError(key, this.#loading.extensions);
    return new Flight({ key, loader, ...plan }, plan.control === this ? this.#traced : this.#fly);
  }

  /** Lines up. Nothing more is made before its turn: thousands may wait. */
  #start(flight: Flight): void {
    this.#cache.misses++;
    this.#flights.set(flight.key, flight);
    this.#queue.join(flight, flight.priority);
  }

  /** What flies a load: in a span, below that of whoever asks now, where there is telemetry. */
  get #traced(): (flight: Flight) => void {
    const { telemetry } = this.#cache;
    if (telemetry === undefined) return this.#fly;
    const { context } = telemetry;
    return (flight) => telemetry.start(flight, context, () => this.#fly(flight));
  }

  #ended(): void {
    if (--this.#running > 0) return;
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }

  #raise(flight: Flight, priority: LoadPriority): void {
    if (moreUrgent(flight.priority, priority) === flight.priority) return;
    flight.priority = priority;
    this.#queue.raise(flight, priority);
    for (const dependency of flight.waitsFor) this.#raise(dependency, priority);
  }

  /** Nobody waits any more: aborts the read and the loader, and undoes what that has loaded. */
  readonly abandon = (flight: Flight): void => {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    flight.abort();
    const { context } = flight;
    if (context !== undefined) this.#cache.unwind(flight.key, context);
  };

  /**
   * Reads and decodes. It has a place to read by now, and holds it for as long as the source really
   * reads, whether or not that heeds its signal. One function: each that awaits costs 400 bytes.
   */
  readonly #fly = async (flight: Flight): Promise<void> => {
    const { key } = flight;
    const { loader, control } = flight.plan;
    this.#running++;
    try {
      let source;
      try {
        flight.assertWanted();
        source = await this.#loading.read(key, readOptions(flight));
      } finally {
        this.#queue.leave();
      }
      flight.assertWanted();
      const { length: bytes } = assertBytes(source);
      const context = new AsynchronousContext(flight, this.#loading, this);
      flight.context = context;
      const value = loader.loadAsync === undefined
        ? refusePromise(loader.load!(source, context), loader)
        : await loader.loadAsync(source, context);
      flight.context = undefined;
      const content = { value, bytes, unloader: loader, ...context.end() };
      if (flight.over) this.#cache.discard(key, content);
      else control.land(flight, content);
    } catch (error) {
      const { context } = flight;
      flight.context = undefined;
      if (context !== undefined) this.#cache.unwind(key, context);
      this.#cache.telemetry?.failed(flight, error);
      control.fail(flight, wrap(key, error));
    } finally {
      this.#cache.telemetry?.end(flight);
      this.#ended();
    }
  };

  /** Tells all who wait. */
  fail(flight: Flight, reason: unknown): void {
    for (let each = flight.first; each !== undefined; each = each.later) each.task.fail(reason);
  }

  /** Makes content resident for those waiters whose type it is of, and tells the others. */
  land(flight: Flight, content: Content): void {
    const { key } = flight;
    const type = suitable(flight, content.value);
    this.#loading.check(key, content, [type]);
    flight.over = true;
    this.#flights.delete(key);
    const entry = this.#cache.insert(key, content, type, flight.started);
    this.#cache.telemetry?.landed(flight, entry);
    this.#settle(flight, entry);
    entry.release();
  }

  /** Gives each waiter a handle on `entry`. */
  #settle(flight: Flight, entry: Entry): void {
    for (let each = flight.first; each !== undefined; each = each.later) {
      const { task, name, type, request } = each;
      if (!task.pending) continue; // A type's own check has withdrawn it.
      try {
        entry.accept(type);
      } catch (error) {
        task.fail(error);
        continue;
      }
      entry.retain();
      this.#cache.entries.remember(name, entry);
      task.fulfil(this.#handle(entry, request));
    }
  }

  /** A synchronous load was first: its value is there already, so it is everybody's. */
  #superseded(entry: Entry): void {
    const flight = this.#flights.get(entry.key);
    if (flight === undefined) return;
    this.#flights.delete(entry.key);
    this.#settle(flight, entry);
    if (!flight.over) this.abandon(flight);
  }
}

/** The first type that `value` is of, or else just the first one, of those that it was asked for as. */
function suitable({ first }: Flight, value: unknown): ResourceType<unknown> {
  for (let each = first; each !== undefined; each = each.later) {
    if (isOf(value, each.type)) return each.type;
  }
  return first!.type;
}

function readOptions(flight: Flight): ReadOptions {
  const onProgress = (bytes: number, totalBytes?: number) => {
    for (let each = flight.first; each !== undefined; each = each.later) {
      each.request.onProgress?.(bytes, totalBytes);
    }
  };
  return { signal: flight.signal, onProgress };
}

/** Throws if `flight` waits, in whatever way, for `parent`, which is about to wait for it. */
function assertNoCircle(parent: Flight, flight: Flight): void {
  const back = flight.pathTo(parent);
  if (back !== undefined) throw new ResourceCycleError([parent.key, ...back]);
}

/** The context of an asynchronous load. */
class AsynchronousContext extends SynchronousContext implements AsyncLoadContext {
  readonly #flight: Flight;
  readonly #flights: Flights;
  readonly #holder: Owner;

  constructor(flight: Flight, loading: Loading, flights: Flights) {
    const holder = { label: flight.key, isResource: true };
    super(flight.key, (name, type) => {
      loading.assertNoCycle(name, flight.chain);
      return loading.dependency(name, type, holder);
    });
    this.#flight = flight;
    this.#flights = flights;
    this.#holder = holder;
  }

  get signal(): AbortSignal {
    return this.#flight.signal;
  }

  loadAsync<T>(name: string, type: ResourceType<T>): LoadTask<T> {
    if (this.disposed) return PendingLoad.failed(this.ended(name));
    const { priority } = this.#flight;
    const request = { priority, holder: this.#holder, parent: this.#flight };
    const task = this.#flights.load(resolveRelative(name, this.key), type, request);
    // The context answers for it: what nobody awaits fails or leaves together with the load.
    task.then(({ key }) => this.depend(key), () => {});
    return this.use(task);
  }
}
