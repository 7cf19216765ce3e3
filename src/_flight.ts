import type { Owner } from "./_entry.ts";
import type { LoadOptions, LoadPriority } from "./load_task.ts";
import type { ResourceType } from "./loader.ts";
import type { PendingLoad } from "./_pending_load.ts";
import type { Ticket } from "./_read_queue.ts";

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

/** Somebody who waits for a load. */
export interface Waiter {
  readonly task: PendingLoad<unknown>;
  readonly name: string;
  readonly type: ResourceType<unknown>;
  readonly request: Request;
}

/** One load that is under way, for any number of waiters. */
export class Flight {
  readonly key: string;
  readonly waiters: Set<Waiter> = new Set();
  readonly started: number = performance.now();
  /** The load whose loader asked first. */
  readonly parent: Flight | undefined;
  /** The loads that its loader waits for. */
  readonly waitsFor: Set<Flight> = new Set();
  priority: LoadPriority;
  ticket: Ticket | undefined = undefined;
  /** Ends the wait for a place. */
  cancel: ((reason: unknown) => void) | undefined = undefined;
  /** There while the loader is at work. */
  context: DisposableStack | undefined = undefined;
  /** Nobody wants what it makes any more. */
  over = false;
  /** Made when it is needed first: thousands of loads may wait for their turn to read. */
  #controller: AbortController | undefined = undefined;

  constructor(key: string, priority: LoadPriority, parent?: Flight) {
    this.key = key;
    this.priority = priority;
    this.parent = parent;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Ends it. */
  abort(): void {
    this.over = true;
    if (this.ticket !== undefined) this.ticket.priority = undefined;
    this.#controller?.abort(noWaiter());
    this.cancel?.(noWaiter());
  }

  /** Throws if it has ended. */
  assertWanted(): void {
    if (this.over) throw noWaiter();
  }

  /** The keys from the load that nobody's loader asked for down to this one. */
  get chain(): string[] {
    return [...this.parent?.chain ?? [], this.key];
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

function noWaiter(): DOMException {
  return new DOMException("Nobody waits for the load any more", "AbortError");
}
