import type { Cache } from "../cache/cache.ts";
import type { Content, Entry } from "../cache/entry.ts";
import { assertPriority, moreUrgent, type Urgency } from "../cache/priority_lines.ts";
import type { WorkQueue } from "../cache/work_queue.ts";
import { type Failure, failureOf, ManagerDisposedError } from "../contract/errors.ts";
import type { Handle } from "../contract/handle.ts";
import { quote } from "../contract/printable.ts";
import { hintOf } from "../contract/source.ts";
import type { Bundle, LoadOptions } from "../contract/task.ts";
import { noteWithdrawal } from "../contract/withdrawal.ts";
import { PendingLoad } from "../handles/pending_load.ts";
import { handleOf, ResourceHandle } from "../handles/resource_handle.ts";
import type { Caller } from "../leaks/call_sites.ts";
import { type AskedType, assertIsType, isSafelyOf } from "../names/resource_type.ts";
import type { Telemetry } from "../report/telemetry.ts";
import { type BundleRequest, loadBundle, PendingBundle } from "./bundle.ts";
import { assertNoDeadlock } from "./cycles.ts";
import { Flight, type FlightPlan, type Renewal, type Request, Waiter } from "./flight.ts";
import { AsynchronousContext, type SynchronousContext } from "./load_context.ts";
import type { Loading } from "./loading.ts";
import {
  assertFound,
  canUpdate,
  isAsynchronous,
  make,
  makeAsync,
  makePart,
  makes,
  turnOf,
  update,
} from "./making.ts";
import { Place, ReadQueue } from "./read_queue.ts";
import { assertBytes } from "./reader.ts";
import { handleIn } from "./ready_task.ts";
import { SourceCalls } from "./source_calls.ts";
import { UnderWay } from "./under_way.ts";

/** The result of a loader. */
type Made = Pick<Content, "value" | "bytes" | "isUpdated">;

/** Loads without blocking. Each key is read and decoded once, for any number of waiters. */
export class Flights {
  readonly loading: Loading;
  readonly #cache: Cache;
  readonly #telemetry: Telemetry | undefined;
  readonly #queue: ReadQueue;
  /** Where loaders wait for a pump, if the manager is paced. */
  readonly #work: WorkQueue | undefined;
  readonly #source: SourceCalls;
  /** The flights of reloads. Those of loads are in `loading`, by key. */
  readonly #reloads = new Set<Flight>();
  /** The bundles that the manager ends itself when it is disposed. */
  readonly bundles: Set<PendingBundle> = new Set();
  readonly underWay: UnderWay = new UnderWay();

  constructor(loading: Loading, maxConcurrency = 16) {
    this.loading = loading;
    this.#cache = loading.cache;
    this.#telemetry = loading.telemetry;
    this.#work = loading.cache.unloading.work;
    this.#queue = new ReadQueue(maxConcurrency, this.#work);
    this.#source = new SourceCalls(loading.reader);
  }

  /**
   * Loads a resource, or joins the load that is under way. Never throws: the task rejects instead.
   */
  load<T>(name: string, type: AskedType, request: Request): PendingLoad<T> {
    try {
      const { signal, priority, parent } = request;
      if (signal?.aborted) noteWithdrawal(signal.reason);
      signal?.throwIfAborted();
      if (!parent && priority !== undefined) assertPriority(name, priority);
      this.#cache.assertUsable("load", name);
      assertIsType(name, type);
      if (parent) this.loading.assertNoCycle(name, parent.chain);
      const resident = this.loading.find(name);
      if (!resident) return this.#join(name, type, request);
      // The type's own check may have unloaded it, and even have made another entry resident.
      if (!this.loading.hit(resident, type, request)) return this.load(name, type, request);
      this.loading.remember(name, resident);
      const task = new PendingLoad(this.#handle<T>(resident, request));
      request.progress?.found(resident.key);
      parent?.followers?.found(resident.key);
      return task;
    } catch (error) {
      return PendingLoad.failed(error);
    }
  }

  /** Loads for a user; `caller` is the public method that was called. */
  open<T>(
    name: string,
    type: AskedType,
    options: Request & LoadOptions,
    caller: Caller,
  ): PendingLoad<T> {
    const site = this.#cache.leaks.site(caller, name);
    const request = site === undefined ? options : { ...options, site };
    const { onProgress } = options;
    if (onProgress === undefined || options.signal?.aborted) return this.load(name, type, request);
    const part = this.loading.partOf(name);
    const progress = this.loading.progress(onProgress, [part]);
    const task = this.load<T>(name, type, { ...request, progress });
    if (!task.pending) progress.end(part);
    return task;
  }

  /**
   * Reads and decodes an entry again, and passes the result to `put`. Rejects if the load fails or
   * `put` throws.
   */
  async remake(entry: Entry, put: Renewal["put"]): Promise<void> {
    const end = Promise.withResolvers<void>();
    const renewal = { entry, put, end };
    const flight = this.#plan({ key: entry.key, priority: "normal", renewal });
    this.#reloads.add(flight);
    this.#queue.join(flight, flight.priority);
    try {
      await end.promise;
    } finally {
      this.#reloads.delete(flight);
    }
  }

  /** Loads a bundle by {@linkcode loadBundle}. `Result` is the type of its handles. */
  loadAll<Result>(bundle: Bundle, request: BundleRequest): Promise<Result> {
    return loadBundle(this, bundle, request) as Promise<Result>;
  }

  /**
   * Whether disposing `value` is known to do nothing, because it is a handle, task or stack that
   * was disposed. Does not use `this`, because scopes pass it on as a function.
   */
  isOver(value: unknown): boolean {
    if (value instanceof PendingLoad || value instanceof PendingBundle) return value.over;
    const held = handleIn(value) ?? value;
    return (held instanceof ResourceHandle || held instanceof DisposableStack) && held.disposed;
  }

  /** Disposes a task that came too late. Errors go to the `error` event. */
  withdraw(task: Promise<unknown> & Disposable): void {
    task.catch(() => {});
    try {
      task[Symbol.dispose]();
    } catch (error) {
      this.#cache.events.fail(error);
    }
  }

  /** Withdraws the bundles of a manager that is disposed. Returns what that threw. */
  withdrawBundles(): Failure[] {
    return [...this.bundles].flatMap((bundle) => bundle.managerEnded());
  }

  /** The running loaders that have loaded `key` as a dependency. */
  *loadersOf(key: string): Generator<{ began: number; context: SynchronousContext }> {
    const flights = [...this.loading.flights.values(), ...this.#reloads];
    for (const context of [...this.loading.active, ...flights.map((flight) => flight.context)]) {
      if (context?.disposed !== false || !context.dependencies?.has(key)) continue;
      yield { began: context.began, context };
    }
  }

  /** Withdraws every waiter of every load. */
  withdrawAll(reason: (key: string) => unknown): void {
    for (const flight of [...this.loading.flights.values()]) {
      for (const { task } of flight.waiters) task.withdraw(reason(flight.key));
    }
  }

  /** Aborts all loads and reloads. */
  dispose(): void {
    this.withdrawAll((key) => new ManagerDisposedError(`load ${quote(key)}`));
    for (const flight of this.#reloads) {
      this.abandon(flight);
      flight.fail(new ManagerDisposedError(`reload ${quote(flight.key)}`));
    }
  }

  #handle<T>(entry: Entry, { holder, parent, site }: Request): Handle<T> {
    const known = !holder && site === undefined ? undefined : { holder, site };
    return handleOf(entry, known, !parent && this.#cache.leaks.detect);
  }

  #join<T>(name: string, type: AskedType, request: Request): PendingLoad<T> {
    const { parent } = request;
    const priority = this.#source.calling ? "now" : request.priority ?? "normal";
    const key = this.loading.keyOf(name);
    const known = this.loading.flights.get(key);
    const flight = known ?? this.#plan({ key, priority, parent });
    if (parent) assertNoDeadlock(parent, flight);
    const { task } = new Waiter(flight, name, type, request);
    if (!known) this.#register(flight);
    if (request.progress) flight.follow(request.progress);
    parent?.followers?.follow(flight);
    if (known) this.#raise(flight, priority);
    else if (!flight.over) this.#queue.join(flight, flight.priority);
    return task as PendingLoad<T>;
  }

  #plan(plan: Omit<FlightPlan, "loader">): Flight {
    return new Flight({ ...plan, loader: this.loading.reader.loaderOf(plan.key) }, this);
  }

  /** Makes nothing else before the flight has a place to read, because thousands may wait. */
  #register(flight: Flight): void {
    this.#cache.misses++;
    this.loading.flights.set(flight.key, flight);
    this.#telemetry?.planned(flight);
  }

  #raise(flight: Flight, priority: Urgency): void {
    if (moreUrgent(flight.priority, priority) === flight.priority) return;
    flight.priority = priority;
    this.#queue.raise(flight, priority);
    this.#work?.raise(flight);
    for (const dependency of flight.waitsFor) this.#raise(dependency, priority);
  }

  /**
   * Aborts the read and the loader of a flight without waiters, and releases what the loader has
   * loaded.
   */
  abandon(flight: Flight): void {
    const { flights } = this.loading;
    if (flights.get(flight.key) === flight) flights.delete(flight.key);
    flight.abort();
    this.#queue.withdraw(flight);
    this.#work?.withdraw(flight, flight.signal.reason);
    const { context } = flight;
    if (context) this.#cache.unwind(flight.key, context);
    flight.followers?.end(flight.key);
  }

  /** Runs a flight that has a place to read, in a span if there is telemetry. */
  admitted(flight: Flight): void {
    if (!this.#telemetry) this.#fly(flight);
    else this.#telemetry.start(flight, () => this.#fly(flight));
  }

  /**
   * Reads and decodes. Keeps its place while the source reads and does not pause, even if the
   * source ignores its signal. One function, because each asynchronous one leaves 400 bytes of
   * garbage.
   */
  async #fly(flight: Flight): Promise<void> {
    const { loader } = flight;
    this.underWay.begin();
    let data: Uint8Array<ArrayBuffer> | undefined;
    try {
      const place = new Place(flight, this.#queue);
      try {
        flight.assertWanted();
        flight.read = this.#cache.tick();
        if (!makes(loader)) data = await this.#source.read(flight, place);
      } finally {
        place.end();
      }
      const bytes = arrived(flight, data);
      const context = flight.context = new AsynchronousContext(flight, this.loading, this);
      const turn = turnOf(flight, this.#work);
      const land = (value: unknown, isUpdated = false) =>
        this.#finish(flight, context, { value, bytes, isUpdated });
      const known = canUpdate(flight)
        ? await turn(() => update(flight, data!, context))
        : undefined;
      if (known !== undefined) land(known, true);
      else if (isAsynchronous(loader)) {
        land(assertFound(await turn(() => makeAsync(loader, data, context)), loader, context));
      } else if (makes(loader) && context.needsWhole) await makePart(loader, context, turn, land);
      else await turn(() => land(make(loader, data, context)));
    } catch (error) {
      this.#failed(flight, error, data);
    }
    this.#telemetry?.end(flight);
    this.underWay.end();
  }

  /** Releases what the loader has taken, and rejects the tasks of all waiters. */
  #failed(flight: Flight, error: unknown, data: Uint8Array | undefined): void {
    const { key, context } = flight;
    flight.context = undefined;
    this.loading.failed(key, context?.asked, flight.isStale);
    if (context !== undefined) this.#cache.unwind(key, context);
    this.#telemetry?.failed(flight, error);
    flight.fail(failureOf(key, error, { hint: hintOf(data) }));
  }

  /** Ends the context, and lands what the loader has made at once: nobody can withdraw it in between. */
  #finish(flight: Flight, context: SynchronousContext, made: Made): void {
    const { loader, read, isStale: stale } = flight;
    flight.context = undefined;
    this.#land(flight, context.end({ ...made, unloader: loader, read, stale }));
  }

  /** Makes content resident. Serves the waiters whose type fits, and rejects the others. */
  #land(flight: Flight, content: Content): void {
    const { key } = flight;
    if (flight.over) return this.#cache.discard(key, content);
    try {
      if (flight.renewal) {
        flight.renewal.put(content, flight.started);
        return flight.renewal.end.resolve();
      }
      const type = suitableType(flight, content.value);
      this.loading.check(key, content, [type]);
      // In the `load` event of this key, a pump may land this flight before its waiters are served.
      const rival = this.#cache.entries.get(key);
      if (rival) this.superseded(flight, rival);
      // A type's own check may have loaded the same key: then the waiters have that value already.
      if (flight.over) return this.#cache.discard(key, content);
      flight.over = true;
      this.loading.flights.delete(key);
      const entry = this.#cache.insert(key, content, type, flight.started);
      this.#telemetry?.landed(flight, entry);
      this.#serve(flight, entry);
      this.loading.landed(entry, content);
      this.#cache.drop(entry); // No caller could get its error.
      flight.followers?.end(key);
    } catch (error) {
      this.#telemetry?.failed(flight, error);
      flight.fail(error);
    }
  }

  /** Gives each waiter a handle of `entry`. */
  #serve(flight: Flight, entry: Entry): void {
    for (const { task, name, type, request } of flight.waiters) {
      try {
        entry.accept(type);
      } catch (error) {
        task.fail(error);
        continue;
      }
      if (!task.pending) continue; // Its type's own check has withdrawn it.
      entry.retain(request);
      this.loading.remember(name, entry);
      task.fulfil(this.#handle(entry, request));
    }
  }

  /**
   * Gives the value of a synchronous load, which was faster, to all waiters, and drops the flight.
   */
  superseded(flight: Flight, entry: Entry): void {
    this.loading.flights.delete(flight.key);
    this.#serve(flight, entry);
    if (!flight.over) this.abandon(flight);
  }
}

/**
 * The number of bytes that were read. Throws if the source returned something else, or if nobody
 * wants them any more.
 */
function arrived(flight: Flight, data: Uint8Array<ArrayBuffer> | undefined): number {
  const length = !data && makes(flight.loader) ? 0 : assertBytes(data!).length;
  flight.received(length, length);
  flight.assertWanted();
  return length;
}

/** The first type of the waiters that fits `value`, or simply the first if none fits. */
function suitableType({ waiters }: Flight, value: unknown): AskedType {
  const types = [...waiters].map(({ type }) => type);
  return types.find((type) => isSafelyOf(value, type)) ?? types[0];
}
