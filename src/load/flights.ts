import type { Cache } from "../cache/cache.ts";
import type { Content, Entry } from "../cache/entry.ts";
import { failureOf, ManagerDisposedError } from "../contract/errors.ts";
import type { Handle } from "../contract/handle.ts";
import { hintOf } from "../contract/hints.ts";
import type { ResourceType } from "../contract/loader.ts";
import type { ReadOptions } from "../contract/source.ts";
import type { LoadPriority } from "../contract/task.ts";
import { handleOf } from "../handles/resource_handle.ts";
import type { Caller } from "../leaks/call_sites.ts";
import { assertIsType, isOf } from "../names/resource_type.ts";
import type { Telemetry } from "../report/telemetry.ts";
import { assertNoCircle } from "./cycles.ts";
import { Flight, type FlightPlan, type Request, Waiter } from "./flight.ts";
import { AsynchronousContext } from "./load_context.ts";
import type { Loading } from "./loading.ts";
import { PendingLoad } from "../handles/pending_load.ts";
import { Place } from "./place.ts";
import { assertBytes, refusePromise } from "./reader.ts";
import { assertPriority, moreUrgent, ReadQueue } from "./read_queue.ts";

/** Loads without blocking: one read and one decoding for each key, however many wait for it. */
export class Flights {
  readonly loading: Loading;
  readonly #cache: Cache;
  readonly #telemetry: Telemetry | undefined;
  readonly #queue: ReadQueue;
  readonly #reloads = new Set<Flight>();
  /** How many loads and reloads run, withdrawn ones included. */
  #running = 0;
  /** Resolves when none runs any more, once somebody waits for that. */
  #quiet: PromiseWithResolvers<void> | undefined;

  constructor(loading: Loading, maxConcurrency = 16) {
    this.loading = loading;
    this.#cache = loading.cache;
    this.#telemetry = loading.telemetry;
    this.#queue = new ReadQueue(maxConcurrency);
  }

  /** Never throws: what is wrong is what the task rejects with. */
  load<T>(name: string, type: ResourceType<T>, request: Request): PendingLoad<T> {
    try {
      request.signal?.throwIfAborted();
      if (request.priority !== undefined) assertPriority(name, request.priority);
      this.#cache.assertUsable("load", name);
      assertIsType(name, type);
      if (request.parent !== undefined) this.loading.assertNoCycle(name, request.parent.chain);
      const resident = this.loading.find(name);
      if (resident === undefined || !this.loading.hit(resident, type)) {
        return this.#join(name, type, request);
      }
      this.loading.remember(name, resident);
      return new PendingLoad(this.#handle<T>(resident, request));
    } catch (error) {
      return PendingLoad.failed(error);
    }
  }

  /** The task for a user; `caller` is the public method that was called. */
  open<T>(
    name: string,
    type: ResourceType<T>,
    request: Request,
    caller: Caller,
  ): PendingLoad<T> {
    const site = this.#cache.leaks.site(caller);
    return this.load(name, type, site === undefined ? request : { ...request, site });
  }

  /** Reads and decodes `key` anew, and leaves the resident one as it is. */
  async remake(key: string): Promise<{ content: Content; started: number }> {
    const remade = Promise.withResolvers<Content>();
    const flight = this.#plan({ key, priority: "normal", remade });
    this.#reloads.add(flight);
    this.#queue.join(flight, flight.priority);
    try {
      return { content: await remade.promise, started: flight.started };
    } finally {
      this.#reloads.delete(flight);
    }
  }

  /** Withdraws every waiter of every load. */
  withdrawAll(reason: (key: string) => unknown): void {
    for (const flight of [...this.loading.flights.values()]) {
      for (const { task } of flight.waiters) task.withdraw(reason(flight.key));
    }
  }

  /** Aborts everything, for good. */
  dispose(): void {
    this.withdrawAll((key) => new ManagerDisposedError(`load "${key}"`));
    for (const flight of this.#reloads) {
      this.abandon(flight);
      flight.fail(new ManagerDisposedError(`reload "${flight.key}"`));
    }
  }

  /** Waits until everything has really ended, what was withdrawn too. */
  async quiet(): Promise<void> {
    if (this.#running > 0) await (this.#quiet ??= Promise.withResolvers()).promise;
  }

  #handle<T>(entry: Entry, { holder, parent, site }: Request): Handle<T> {
    const known = holder === undefined && site === undefined ? undefined : { holder, site };
    return handleOf(entry, known, parent === undefined && this.#cache.leaks.detect);
  }

  #join<T>(name: string, type: ResourceType<T>, request: Request): PendingLoad<T> {
    const { priority = "normal", parent } = request;
    const key = this.loading.keyOf(name);
    const known = this.loading.flights.get(key);
    const flight = known ?? this.#plan({ key, priority, parent });
    if (parent !== undefined) assertNoCircle(parent, flight);
    const { task } = new Waiter(flight, name, type, request);
    if (known === undefined) this.#start(flight);
    else this.#raise(flight, priority);
    return task as PendingLoad<T>;
  }

  #plan(plan: Omit<FlightPlan, "loader">): Flight {
    return new Flight({ ...plan, loader: this.loading.reader.loaderOf(plan.key) }, this);
  }

  /** Lines up. Nothing more is made before its turn: thousands may wait. */
  #start(flight: Flight): void {
    this.#cache.misses++;
    this.loading.flights.set(flight.key, flight);
    this.#telemetry?.planned(flight);
    this.#queue.join(flight, flight.priority);
  }

  #raise(flight: Flight, priority: LoadPriority): void {
    if (moreUrgent(flight.priority, priority) === flight.priority) return;
    flight.priority = priority;
    this.#queue.raise(flight, priority);
    for (const dependency of flight.waitsFor) this.#raise(dependency, priority);
  }

  /** Nobody waits any more: aborts the read and the loader, and undoes what that has loaded. */
  abandon(flight: Flight): void {
    const { flights } = this.loading;
    if (flights.get(flight.key) === flight) flights.delete(flight.key);
    flight.abort();
    const { context } = flight;
    if (context !== undefined) this.#cache.unwind(flight.key, context);
  }

  /** Runs a flight that has a place to read, in a span where there is telemetry. */
  admitted(flight: Flight): void {
    if (this.#telemetry === undefined) this.#fly(flight);
    else this.#telemetry.start(flight, () => this.#fly(flight));
  }

  /**
   * Reads and decodes. Holds its place for as long as the source really reads and does not pause,
   * whether or not that heeds its signal. One function: each that awaits costs 400 bytes.
   */
  async #fly(flight: Flight): Promise<void> {
    const { key, loader } = flight;
    this.#running++;
    let source;
    try {
      const place = new Place(flight, this.#queue);
      try {
        flight.assertWanted();
        source = await this.loading.reader.readAsync(key, readOptions(flight, place));
      } finally {
        place.end();
      }
      flight.assertWanted();
      const { length: bytes } = assertBytes(source);
      const context = new AsynchronousContext(flight, this.loading, this);
      flight.context = context;
      const value = loader.loadAsync === undefined
        ? refusePromise(loader.load!(source, context), loader)
        : await loader.loadAsync(source, context);
      flight.context = undefined;
      const content = { value, bytes, unloader: loader, ...context.end() };
      if (flight.over) this.#cache.discard(key, content);
      else this.#land(flight, content);
    } catch (error) {
      const { context } = flight;
      flight.context = undefined;
      if (context !== undefined) this.#cache.unwind(key, context);
      this.#telemetry?.failed(flight, error);
      flight.fail(failureOf(key, error, { hint: hintOf(source) }));
    } finally {
      this.#telemetry?.end(flight);
      this.#ended();
    }
  }

  #ended(): void {
    if (--this.#running > 0) return;
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }

  /** Makes content resident for those waiters whose type it is of, and tells the others. */
  #land(flight: Flight, content: Content): void {
    if (flight.remade !== undefined) return flight.remade.resolve(content);
    const { key } = flight;
    const type = suitable(flight, content.value);
    this.loading.check(key, content, [type]);
    flight.over = true;
    this.loading.flights.delete(key);
    const entry = this.#cache.insert(key, content, type, flight.started);
    this.#telemetry?.landed(flight, entry);
    this.#serve(flight, entry);
    entry.release();
  }

  /** Gives each waiter a handle on `entry`. */
  #serve(flight: Flight, entry: Entry): void {
    for (const { task, name, type, request } of flight.waiters) {
      if (!task.pending) continue; // A type's own check has withdrawn it.
      try {
        entry.accept(type);
      } catch (error) {
        task.fail(error);
        continue;
      }
      entry.retain();
      this.loading.remember(name, entry);
      task.fulfil(this.#handle(entry, request));
    }
  }

  /** A synchronous load was first: its value is resident already, so all waiters get it. */
  superseded(flight: Flight, entry: Entry): void {
    this.loading.flights.delete(flight.key);
    this.#serve(flight, entry);
    if (!flight.over) this.abandon(flight);
  }
}

/** The first type that `value` is of, or else just the first one, of those that it was asked for as. */
function suitable({ waiters }: Flight, value: unknown): ResourceType<unknown> {
  const types = [...waiters].map(({ type }) => type);
  return types.find((type) => isOf(value, type)) ?? types[0]!;
}

function readOptions(flight: Flight, place: Place): ReadOptions {
  const onProgress = (bytes: number, totalBytes?: number) => {
    for (const { request } of flight.waiters) request.onProgress?.(bytes, totalBytes);
  };
  return { signal: flight.signal, onProgress, pause: (wait) => place.pause(wait) };
}
