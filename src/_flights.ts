import type { Caller } from "./_leak_detector.ts";
import type { Cache } from "./_cache.ts";
import type { Content, Entry, Owner } from "./_entry.ts";
import { LoaderNotFoundError, ManagerDisposedError, ResourceCycleError } from "./errors.ts";
import {
  type Bundle,
  type LoadAllOptions,
  loadBundle,
  type LoadedBundle,
  type LoadOne,
  type LoadProgress,
} from "./bundle.ts";
import type { Handle } from "./handle.ts";
import { Flight, type Request, Waiter } from "./_flight.ts";
import type { LoadPriority, LoadTask } from "./load_task.ts";
import type { AsyncLoadContext, ResourceType } from "./loader.ts";
import { SynchronousContext } from "./_load_context.ts";
import { wrap } from "./_load_failure.ts";
import { assertBytes, type Loading, refusePromise } from "./_loading.ts";
import { resolveRelative } from "./_names.ts";
import type { ScopeHost } from "./scope.ts";
import { PendingLoad } from "./_pending_load.ts";
import { assertPriority, moreUrgent, ReadQueue } from "./_read_queue.ts";
import { handleOf } from "./_resource_handle.ts";
import { assertIsType, isOf } from "./_resource_type.ts";

/** Loads without blocking: one read and one decoding for each key, whoever waits for it. */
export class Flights implements ScopeHost {
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
      this.#cache.assertUsable(`load "${name}"`);
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
    holder: Owner | undefined,
    caller: Caller,
  ): Handle<T> {
    return this.#loading.open(name, type, holder, caller);
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
    const { key } = entry;
    const flight = this.#plan(key, "normal");
    this.#reloads.add(flight);
    this.#running++;
    try {
      await new Promise<void>((admit, cancel) => {
        flight.cancel = cancel;
        flight.admit = admit;
        this.#queue.join(flight, flight.priority);
      });
      const content = await this.#make(flight);
      if (flight.over) {
        this.#cache.discard(key, content);
        throw new ManagerDisposedError(`reload "${key}"`);
      }
      this.#loading.swap(entry, content, flight.started);
    } finally {
      this.#reloads.delete(flight);
      this.#ended();
    }
  }

  /** Withdraws every waiter of every load. */
  withdrawAll(reason: (key: string) => unknown): void {
    for (const flight of [...this.#flights.values()]) {
      for (const { task } of flight.waiters) task.withdraw(reason(flight.key));
    }
  }

  /** Aborts everything, for good. */
  dispose(): void {
    this.withdrawAll((key) => new ManagerDisposedError(`load "${key}"`));
    for (const flight of this.#reloads) this.#end(flight);
  }

  /** Waits until what was withdrawn has really ended. */
  async settled(): Promise<void> {
    if (this.#running > 0) await (this.#quiet ??= Promise.withResolvers()).promise;
  }

  #handle<T>(entry: Entry, { holder, parent, site }: Request): Handle<T> {
    return handleOf(entry, entry.lease(holder, site), parent === undefined);
  }

  #join<T>(name: string, type: ResourceType<T>, request: Request): PendingLoad<T> {
    const { priority = "normal", parent } = request;
    const key = this.#loading.keyOf(name);
    const known = this.#flights.get(key);
    const flight = known ?? this.#plan(key, priority, parent);
    if (parent !== undefined) assertNoCircle(parent, flight);
    const { task } = new Waiter(flight, name, type, request);
    if (known === undefined) this.#start(flight);
    else this.#raise(flight, priority);
    return task as PendingLoad<T>;
  }

  #plan(key: string, priority: LoadPriority, parent?: Flight): Flight {
    const loader = this.#loading.loaderOf(key);
    if (loader === undefined) throw new LoaderNotFoundError(key, this.#loading.extensions);
    return new Flight({ key, loader, priority, parent, onAbandoned: this.#end });
  }

  /** Lines up. Nothing more is made before its turn: thousands may wait. */
  #start(flight: Flight): void {
    this.#cache.misses++;
    this.#flights.set(flight.key, flight);
    flight.admit = () => void this.#fly(flight);
    this.#queue.join(flight, flight.priority);
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
  readonly #end = (flight: Flight): void => {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    flight.abort();
    const { context } = flight;
    if (context !== undefined) this.#cache.unwind(flight.key, context);
  };

  async #fly(flight: Flight): Promise<void> {
    this.#running++;
    try {
      const content = await this.#make(flight);
      if (flight.over) this.#cache.discard(flight.key, content);
      else this.#land(flight, content);
    } catch (error) {
      for (const { task } of flight.waiters) task.fail(error);
    } finally {
      this.#ended();
    }
  }

  /** Reads and decodes. It has a place to read by now, which it gives back. */
  async #make(flight: Flight): Promise<Content> {
    const { key } = flight;
    const { loader } = flight.plan;
    const source = await this.#read(flight);
    const bytes = source.length;
    const context = new AsynchronousContext(flight, this.#loading, this);
    flight.context = context;
    try {
      const value = loader.loadAsync === undefined
        ? refusePromise(loader.load!(source, context), loader)
        : await loader.loadAsync(source, context);
      flight.context = undefined;
      return { value, bytes, unloader: loader, ...context.end() };
    } catch (error) {
      flight.context = undefined;
      this.#cache.unwind(key, context);
      throw wrap(key, error);
    }
  }

  /** Holds a place for as long as the source really reads, whether or not it heeds its signal. */
  async #read(flight: Flight): Promise<Uint8Array<ArrayBuffer>> {
    try {
      flight.assertWanted();
      const { signal } = flight;
      const onProgress = (bytes: number, totalBytes?: number) => {
        for (const { request } of flight.waiters) request.onProgress?.(bytes, totalBytes);
      };
      const bytes = await this.#loading.read(flight.key, { signal, onProgress });
      flight.assertWanted();
      return assertBytes(bytes);
    } catch (error) {
      throw wrap(flight.key, error);
    } finally {
      this.#queue.leave();
    }
  }

  /** Makes content resident for those waiters whose type it is of, and tells the others. */
  #land(flight: Flight, content: Content): void {
    const { key } = flight;
    const types = flight.waiters.map(({ type }) => type);
    const type = types.find((each) => isOf(content.value, each)) ?? types[0]!;
    this.#loading.check(key, content, [type]);
    flight.over = true;
    this.#flights.delete(key);
    const entry = this.#cache.insert(key, content, type, flight.started);
    this.#settle(flight, entry);
    entry.release();
  }

  /** Gives each waiter a handle on `entry`. */
  #settle(flight: Flight, entry: Entry): void {
    for (const { task, name, type, request } of flight.waiters) {
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
    if (!flight.over) this.#end(flight);
  }
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
