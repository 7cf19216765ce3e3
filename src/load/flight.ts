import type { Content, Owner } from "../cache/entry.ts";
import type { LoadOptions, LoadPriority } from "../contract/task.ts";
import type { Loader, ResourceType } from "../contract/loader.ts";
import { PendingLoad, Waiting } from "./pending_load.ts";
import type { Queued } from "./read_queue.ts";

/** What a caller wants besides a name and a type. */
export interface Request extends LoadOptions {
  /** The scope, or the resource that depends on this one. */
  readonly holder?: Owner | undefined;
  /** The load whose loader asks. */
  readonly parent?: Flight;
  /** Where it was asked. */
  readonly site?: string | undefined;
  /** Told of bytes as they are read. */
  readonly onProgress?: (bytes: number, totalBytes?: number) => void;
}

/** Whom a load tells how it ends. */
export interface FlightControl {
  /** It has made something. */
  land(flight: Flight, content: Content): void;
  /** It has failed. */
  fail(flight: Flight, reason: unknown): void;
  /** Nobody waits for it any more. */
  abandon(flight: Flight): void;
}

/** What a load is. */
export interface FlightPlan {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly control: FlightControl;
  readonly priority: LoadPriority;
  /** The load whose loader asked first. */
  readonly parent?: Flight | undefined;
}

/** One load that is under way, for any number of waiters. */
export class Flight implements Queued {
  readonly key: string;
  readonly plan: FlightPlan;
  readonly admit: () => void;
  readonly started: number = performance.now();
  priority: LoadPriority;
  line: LoadPriority | undefined = undefined;
  /** There while the loader is at work. */
  context: DisposableStack | undefined = undefined;
  /** Nobody wants what it makes any more. */
  over = false;
  /** The loads that its loader waits for, and how often. */
  #waitsFor: Map<Flight, number> | undefined = undefined;
  #first: Waiter | undefined = undefined;
  #last: Waiter | undefined = undefined;
  #controller: AbortController | undefined = undefined;

  /** Lines up later; `fly` is called when it may read. */
  constructor(plan: FlightPlan, fly: (flight: Flight) => void) {
    this.key = plan.key;
    this.plan = plan;
    this.priority = plan.priority;
    this.admit = () => fly(this);
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Who has waited longest. Whoever has left still leads on to the next, so that others may leave meanwhile. */
  get first(): Waiter | undefined {
    return this.#first;
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
    if (this.#first === undefined && !this.over) this.plan.control.abandon(this);
  }

  /** Ends it. */
  abort(): void {
    this.over = true;
    this.line = undefined;
    this.#controller?.abort(noWaiter());
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

  /** The keys from the load that nobody's loader asked for down to this one. */
  get chain(): string[] {
    return [...this.plan.parent?.chain ?? [], this.key];
  }

  /** The keys from this load to `target`, along what waits for what; `undefined` if no way leads there. */
  pathTo(target: Flight, seen: Set<Flight> = new Set()): string[] | undefined {
    if (this === target) return [this.key];
    if (seen.has(this)) return undefined;
    seen.add(this);
    for (const next of this.waitsFor) {
      const path = next.pathTo(target, seen);
      if (path !== undefined) return [this.key, ...path];
    }
    return undefined;
  }
}

/** Somebody who waits for a load. */
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

  override settled(): void {
    const { parent, signal } = this.request;
    if (this.#onAbort !== undefined) signal!.removeEventListener("abort", this.#onAbort);
    parent?.stopWaiting(this.flight);
    this.flight.leave(this);
  }
}

function noWaiter(): DOMException {
  return new DOMException("Nobody waits for the load any more", "AbortError");
}
