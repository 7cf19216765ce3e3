import type { Content, Entry } from "../cache/entry.ts";
import type { Loader, ResourceType } from "../contract/loader.ts";
import type { LoadOptions, LoadPriority } from "../contract/task.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import type { Flights } from "./flights.ts";
import { PendingLoad, Waiting } from "../handles/pending_load.ts";
import type { Queued } from "./read_queue.ts";

/** What a caller wants besides a name and a type. */
export interface Request extends LoadOptions {
  /** The scope, or the resource that depends on this one. */
  readonly holder?: LeaseHolder | undefined;
  /** The load whose loader asks. */
  readonly parent?: Flight;
  /** Where it was asked. */
  readonly site?: string | undefined;
  /** Told how many bytes were read. */
  readonly onProgress?: (bytes: number, totalBytes?: number) => void;
}

/** What a load is. */
export interface FlightPlan {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly priority: LoadPriority;
  /** The load whose loader asked first. */
  readonly parent?: Flight | undefined;
  /** Takes what a reload makes, which has no waiters. */
  readonly remade?: PromiseWithResolvers<Content>;
}

/** One load that is under way, for any number of waiters. */
export class Flight implements Queued {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly remade: PromiseWithResolvers<Content> | undefined;
  readonly started: number = performance.now();
  priority: LoadPriority;
  line: LoadPriority | undefined = undefined;
  /** There while the loader is at work. */
  context: DisposableStack | undefined = undefined;
  /** What it makes is not wanted any more. */
  over = false;
  readonly #flights: Flights;
  readonly #parent: Flight | undefined;
  /** The loads that its loader waits for, and how often. */
  #waitsFor: Map<Flight, number> | undefined = undefined;
  #first: Waiter | undefined = undefined;
  #last: Waiter | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  constructor({ key, loader, priority, parent, remade }: FlightPlan, flights: Flights) {
    this.key = key;
    this.loader = loader;
    this.priority = priority;
    this.remade = remade;
    this.#parent = parent;
    this.#flights = flights;
  }

  /** It has a place to read. */
  admit(): void {
    this.#flights.admitted(this);
  }

  /** A synchronous load has made `entry` of the same key resident. */
  superseded(entry: Entry): void {
    this.#flights.superseded(this, entry);
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** The waiters, the oldest first. A waiter that has left still leads on, so that others may leave meanwhile. */
  *waiters(): Generator<Waiter> {
    for (let each = this.#first; each !== undefined; each = each.later) yield each;
  }

  enter(waiter: Waiter): void {
    waiter.earlier = this.#last;
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.later = waiter;
    this.#last = waiter;
  }

  leave(waiter: Waiter): void {
    const { earlier, later } = waiter;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    if (this.#first === undefined && !this.over) this.#flights.abandon(this);
  }

  /** Ends it. */
  abort(): void {
    this.over = true;
    this.line = undefined;
    this.#controller?.abort(noWaiter());
  }

  /** Tells all who wait that it has failed. */
  fail(reason: unknown): void {
    this.remade?.reject(reason);
    for (const { task } of this.waiters()) task.fail(reason);
  }

  /** Throws if it has ended. */
  assertWanted(): void {
    if (this.over) throw noWaiter();
  }

  /** The loads that its loader waits for. */
  get waitsFor(): Iterable<Flight> {
    return this.#waitsFor?.keys() ?? [];
  }

  waitFor(flight: Flight): void {
    const waitsFor = this.#waitsFor ??= new Map();
    waitsFor.set(flight, (waitsFor.get(flight) ?? 0) + 1);
  }

  stopWaiting(flight: Flight): void {
    const times = this.#waitsFor?.get(flight) ?? 0;
    if (times > 1) this.#waitsFor!.set(flight, times - 1);
    else this.#waitsFor?.delete(flight);
  }

  /** The keys from the load that was not asked for by a loader down to this one. */
  get chain(): string[] {
    return [...this.#parent?.chain ?? [], this.key];
  }
}

/** A caller that waits for a load. */
export class Waiter extends Waiting<unknown> {
  readonly task: PendingLoad<unknown>;
  readonly flight: Flight;
  readonly name: string;
  readonly type: ResourceType<unknown>;
  readonly request: Request;
  earlier: Waiter | undefined = undefined;
  later: Waiter | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;

  /** Waits from here on: until it is served, or leaves by its signal or its task. */
  constructor(flight: Flight, name: string, type: ResourceType<unknown>, request: Request) {
    super();
    this.task = new PendingLoad(undefined, this);
    this.flight = flight;
    this.name = name;
    this.type = type;
    this.request = request;
    flight.enter(this);
    request.parent?.waitFor(flight);
    const { signal } = request;
    if (signal === undefined) return;
    this.#onAbort = () => this.task.withdraw(signal.reason);
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  override served(): void {
    const { parent, signal } = this.request;
    if (this.#onAbort !== undefined) signal!.removeEventListener("abort", this.#onAbort);
    parent?.stopWaiting(this.flight);
    this.flight.leave(this);
  }
}

function noWaiter(): DOMException {
  return new DOMException("Nobody waits for the load any more", "AbortError");
}
