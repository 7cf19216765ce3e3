import type { Content, Entry } from "../cache/entry.ts";
import type { Queued, Urgency } from "../cache/priority_lines.ts";
import type { Turn, TurnTaker } from "../cache/turns.ts";
import { ResourceNotLoadedError } from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import { onAbort } from "../contract/on_abort.ts";
import { quote } from "../contract/printable.ts";
import type { LoadOptions, LoadPriority, PendingResource } from "../contract/task.ts";
import { PendingLoad, Waiting } from "../handles/pending_load.ts";
import type { CallSite } from "../leaks/call_sites.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import type { AskedType } from "../names/resource_type.ts";
import type { Flights } from "./flights.ts";
import type { SynchronousContext } from "./load_context.ts";
import { Followers, type Progress } from "./progress.ts";
import type { QueuedRead } from "./read_queue.ts";

/** How a caller wants a resource, besides its name and its type. */
export interface Request {
  readonly signal?: LoadOptions["signal"];
  readonly priority?: Urgency | undefined;
  /** The scope, or the resource that depends on this one. */
  readonly holder?: LeaseHolder | undefined;
  /** The load whose loader asked for this one. */
  readonly parent?: Flight;
  /** The place in the code that asked for it. */
  readonly site?: CallSite | undefined;
  /** Receives the progress of the load. */
  readonly progress?: Progress;
}

/** What a flight is made of. */
export interface FlightPlan {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly priority: Urgency;
  /** The load whose loader asked for this one first. */
  readonly parent?: Flight | undefined;
  /** Set for a reload, which has no waiters. */
  readonly renewal?: Renewal;
}

/** A reload of an entry. */
export interface Renewal {
  readonly entry: Entry;
  /** Takes the new content at once, because its dependencies may be unloaded soon after. */
  readonly put: (content: Content, started: number) => void;
  readonly end: PromiseWithResolvers<void>;
}

/** One load that is under way, for any number of waiters. */
export class Flight implements QueuedRead, TurnTaker {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly renewal: Renewal | undefined;
  readonly started: number = performance.now();
  priority: Urgency;
  line: LoadPriority | undefined;
  previous: Queued | undefined;
  next: Queued | undefined;
  turns: Set<Turn> | undefined;
  /** When its read began, in ticks of the cache. */
  read = 0;
  /** When its source last changed since the load was asked for, in ticks of the cache; 0 if it has not. */
  changed = 0;
  /** How many bytes were read so far. */
  bytes = 0;
  /** How many bytes there are, if that is known. */
  totalBytes: number | undefined;
  /** Set while the loader runs. */
  context: SynchronousContext | undefined;
  /** Whether it has landed, or nobody wants its result any more. */
  over = false;
  /** Continues a paused read once it has a place again. */
  resume: (() => void) | undefined;
  /** The oldest first. Waiters may leave while others are served. */
  readonly waiters: Set<Waiter> = new Set();
  /** The progress reports that follow it. */
  followers: Followers | undefined;
  readonly #flights: Flights;
  readonly #parent: Flight | undefined;
  /** The waits of its loader for other loads. */
  #waits: Set<Waiter> | undefined;
  #controller: AbortController | undefined;

  constructor(plan: FlightPlan, flights: Flights) {
    this.key = plan.key;
    this.loader = plan.loader;
    this.priority = plan.priority;
    this.renewal = plan.renewal;
    this.#parent = plan.parent;
    this.#flights = flights;
  }

  /** Whether its source has changed since its read began. */
  get isStale(): boolean {
    return this.changed > this.read;
  }

  /** Its priority, in the words of the public options. */
  get loadPriority(): LoadPriority {
    return this.priority === "now" ? "high" : this.priority;
  }

  /** Its state, as `pending()` of the manager reports it. */
  get state(): PendingResource["state"] {
    if (this.turns?.size) return "waiting";
    if (this.context) return "loading";
    return this.line ? "queued" : "reading";
  }

  /** Notes how many bytes were read so far, and reports that to its followers. */
  received(bytes: number, totalBytes?: number): void {
    this.bytes = bytes;
    this.totalBytes = totalBytes;
    this.followers?.read(this.key, bytes, totalBytes);
  }

  /** Called when it gets a place to read. */
  admit(): void {
    if (!this.resume) this.#flights.admitted(this);
    else this.resume();
  }

  /** Called when a synchronous load or `add` has made `entry`, of the same key, resident. */
  superseded(entry: Entry): void {
    this.#flights.superseded(this, entry);
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  leave(waiter: Waiter): void {
    this.waiters.delete(waiter);
    if (this.waiters.size === 0 && !this.over) this.#flights.abandon(this);
  }

  /** Ends it, and aborts its signal. */
  abort(): void {
    this.over = true;
    // Creates the controller if there is none, because a loader may look at its signal later.
    (this.#controller ??= new AbortController()).abort(noWaiter());
  }

  /** Rejects the reload, or the tasks of all waiters. */
  fail(reason: unknown): void {
    this.renewal?.end.reject(reason);
    for (const { task } of this.waiters) task.fail(reason);
    this.followers?.end(this.key);
  }

  /** Lets `progress` follow this load, and every load that its loader waits for, now or later. */
  follow(progress: Progress): void {
    if (!(this.followers ??= new Followers()).add(progress)) return;
    progress.expect(this.key);
    for (const each of this.waitsFor) each.follow(progress);
  }

  /** Throws if it has ended, or if it reloads a resource that was unloaded. */
  assertWanted(): void {
    if (this.over) throw noWaiter();
    if (this.renewal?.entry.fate === undefined) return;
    throw new ResourceNotLoadedError(this.key, "reload");
  }

  /** The loads that its loader waits for. */
  get waitsFor(): Flight[] {
    return [...this.#waits ?? []].map(({ flight }) => flight);
  }

  waitFor(waiter: Waiter): void {
    (this.#waits ??= new Set()).add(waiter);
  }

  stopWaiting(waiter: Waiter): void {
    this.#waits?.delete(waiter);
  }

  /** The keys from the load that no loader asked for down to this one. */
  get chain(): string[] {
    return [...this.#parent?.chain ?? [], this.key];
  }
}

/** A caller that waits for a load. */
export class Waiter extends Waiting<unknown> {
  readonly task: PendingLoad<unknown>;
  readonly flight: Flight;
  readonly name: string;
  readonly type: AskedType;
  readonly request: Request;
  #stopListening: (() => void) | undefined;

  /** Waits until it is served, or until its signal or its task withdraws it. */
  constructor(flight: Flight, name: string, type: AskedType, request: Request) {
    super();
    this.task = new PendingLoad(undefined, this);
    this.flight = flight;
    this.name = name;
    this.type = type;
    this.request = request;
    flight.waiters.add(this);
    request.parent?.waitFor(this);
    const { signal } = request;
    if (signal === undefined) return;
    this.#stopListening = onAbort(signal, () => this.task.withdraw(signal.reason));
  }

  override get what(): string {
    return quote(this.flight.key);
  }

  override withdrawn(): void {
    this.request.progress?.close();
  }

  override served(): void {
    this.#stopListening?.();
    this.request.parent?.stopWaiting(this);
    this.flight.leave(this);
  }
}

function noWaiter(): DOMException {
  return new DOMException("Nobody waits for the load any more", "AbortError");
}
