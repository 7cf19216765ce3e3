import type { Turn, TurnTaker } from "../cache/turns.ts";
import type { WorkQueue } from "../cache/work_queue.ts";
import { type Failure, ManagerDisposedError, messageOf, typeNameOf } from "../contract/errors.ts";
import type { Handle } from "../contract/handle.ts";
import { isObject } from "../contract/is_object.ts";
import { onAbort } from "../contract/on_abort.ts";
import { listed, quote } from "../contract/printable.ts";
import type { Bundle, LoadAllOptions, LoadPriority } from "../contract/task.ts";
import { isNoted, noteWithdrawal, withdrawalOf } from "../contract/withdrawal.ts";
import { disposeAll } from "../handles/dispose_all.ts";
import type { PendingLoad } from "../handles/pending_load.ts";
import type { Caller } from "../leaks/call_sites.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import { type AskedType, isType } from "../names/resource_type.ts";
import type { Flights } from "./flights.ts";
import type { Progress } from "./progress.ts";

/**
 * How many loads of a bundle begin at once in a paced manager: beginning thousands takes
 * milliseconds.
 */
const MANY = 128;

/** The owner of the handles of a bundle: a scope, or the context of a loader. */
export interface BundleOwner {
  readonly holder: LeaseHolder;
  /** Loads a resource as a dependency, and holds it. Only the context of a loader has it. */
  readonly depend?: (name: string, type: AskedType) => PendingLoad<unknown>;
  /** Makes the owner dispose `item` when it is disposed itself. */
  hold(item: Disposable): void;
  readonly disposed: boolean;
  /** The error for loading `what` after the owner was disposed. */
  ended(what: string): unknown;
}

/**
 * How to load a bundle: the options of the caller, the public method that was called, and the
 * owner, if there is one.
 */
export interface BundleRequest extends LoadAllOptions<boolean> {
  readonly caller: Caller;
  readonly owner?: BundleOwner;
}

/** One resource of a bundle: its label, the name and type to load, and the result. */
interface Part {
  readonly label: string;
  readonly name: string;
  readonly type: AskedType;
  handle?: Handle<unknown>;
  /** Why it could not be loaded. An object, because anything can be thrown, even `undefined`. */
  failure?: { readonly reason: unknown };
}

/** A label of a bundle, with its resource or its list of resources. */
type Item = readonly [label: string, part: Part | readonly Part[]];

/** Loads a bundle. Never throws: the promise rejects instead. */
export function loadBundle(
  flights: Flights,
  bundle: Bundle,
  request: BundleRequest,
): Promise<unknown> {
  let items: Item[];
  try {
    items = itemsOf(bundle, request);
  } catch (error) {
    return Promise.reject(error);
  }
  const pending = new PendingBundle(flights, items, request);
  pending.begin();
  return pending.promise;
}

/** The items of a bundle. Throws a `TypeError` if it is malformed, before any load begins. */
function itemsOf(bundle: Bundle, { partial }: BundleRequest): Item[] {
  if (!isObject(bundle)) {
    throw new TypeError(
      `Cannot load a bundle: it is ${kindOf(bundle)}, use an object or a list of names`,
    );
  }
  const entries = Array.isArray(bundle) ? entriesOf(bundle) : Object.entries(bundle);
  return entries.map(([label, item]) => {
    const problem = problemOf(item) ??
      (partial && label === "errors" && "`partial` puts failures there, use another label");
    if (problem) {
      throw new TypeError(`Cannot load ${quote(label)} of a bundle: ${problem}`);
    }
    const [name, type] = (typeof item === "string" ? [item] : item) as [
      string | string[],
      AskedType,
    ];
    const part = typeof name === "string"
      ? { label, name, type }
      : name.map((each, index) => ({ label: `${label}[${index}]`, name: each, type }));
    return [label, part];
  });
}

/** The entries of a list of names. A name that is listed twice is one resource. */
function entriesOf(names: readonly unknown[]): [label: string, item: unknown][] {
  const index = names.findIndex((name) => typeof name !== "string");
  if (index === -1) return [...new Set(names as string[])].map((name) => [name, name]);
  throw new TypeError(
    `Cannot load item ${index} of a list: it is ${kindOf(names[index])}, ` +
      "a list has names: use an object for [name, type]",
  );
}

/** The problem with an item of a bundle; `undefined` if it is well-formed. */
function problemOf(item: unknown): string | undefined {
  const wanted = "write a name, [name, type] or [names, type]";
  if (typeof item === "string") return undefined;
  if (!Array.isArray(item)) return `it is ${kindOf(item)}, ${wanted}`;
  if (item.length !== 2) return `it is an array of ${item.length}, ${wanted}`;
  const [name, type] = item;
  const names: unknown[] = Array.isArray(name) ? name : [name];
  const index = names.findIndex((each) => typeof each !== "string");
  if (index !== -1) {
    const which = names === name ? `name ${index}` : "name";
    return `its ${which} is ${kindOf(names[index])}, use a string`;
  }
  return isType(type)
    ? undefined
    : `its type is ${kindOf(type)}, use a class or a token such as Text`;
}

function kindOf(value: unknown): string {
  return value === undefined || value === null ? `${value}` : `of type ${quote(typeNameOf(value))}`;
}

/** The words for a bundle in messages. */
function describe(parts: readonly Part[]): string {
  return `the bundle { ${listed(parts.map(({ label, name }) => `${label}: ${quote(name)}`))} }`;
}

function ignore(): void {}

/**
 * A bundle that is being loaded. It settles once: when all its loads have settled, or when it is
 * withdrawn. If it fails, it disposes its handles. An owner also disposes them when it is disposed
 * itself.
 */
export class PendingBundle implements Disposable, TurnTaker {
  /** Whether it has settled. */
  over = false;
  turns: Set<Turn> | undefined;
  readonly #flights: Flights;
  readonly #items: readonly Item[];
  /** The resources of all items. */
  readonly #parts: readonly Part[];
  readonly #request: BundleRequest;
  readonly #settle: PromiseWithResolvers<unknown> = Promise.withResolvers();
  readonly promise: Promise<unknown> = this.#settle.promise;
  readonly #tasks: PendingLoad<unknown>[] = [];
  /** How many loads have not settled. */
  #waiting: number;
  #progress: Progress | undefined;
  #stopListening: (() => void) | undefined;

  constructor(flights: Flights, items: readonly Item[], request: BundleRequest) {
    this.#flights = flights;
    this.#items = items;
    this.#parts = items.flatMap(([, part]) => part);
    this.#request = request;
    this.#waiting = this.#parts.length;
  }

  /** Begins all loads. A source or a listener may end the bundle while it does. */
  begin(): void {
    const { signal, owner, onProgress } = this.#request;
    const { loading, bundles } = this.#flights;
    if (owner?.disposed) return this.#reject(owner.ended(describe(this.#parts)));
    if (loading.cache.disposed) return this.#reject(this.#managerDisposed());
    if (signal?.aborted) return this.#reject(signal.reason);
    this.#stopListening = onAbort(signal, () => this.#withdraw(signal!.reason));
    if (!owner) bundles.add(this);
    else owner.hold(this);
    if (onProgress !== undefined) {
      const keys = this.#parts.map(({ name }) => loading.partOf(name));
      this.#progress = loading.progress(onProgress, keys);
    }
    this.#begin(0);
    if (this.#parts.length === 0 && !this.over) this.#finish();
  }

  /**
   * Begins the loads from index `start` on. A paced manager begins `MANY` of them, and the rest in
   * a pump.
   */
  #begin(start: number): void {
    // The loads of a loader begin at once: only loads that have begun become more urgent with it.
    const work = this.#request.owner?.depend ? undefined : this.#work;
    let begun = 0;
    for (let index = start; index < this.#parts.length && !this.over; index++) {
      if (work !== undefined && begun === MANY) return this.#continueLater(work, index);
      if (this.#load(this.#parts[index]!).pending) begun++;
    }
  }

  /** Begins the loads from index `start` on in a pump. */
  #continueLater(work: WorkQueue, start: number): void {
    const { bundles, underWay } = this.#flights;
    bundles.add(this); // when the manager is disposed, no load may be left to end its bundle
    underWay.begin();
    work.turn(this, () => this.#begin(start)).catch(ignore).then(() => underWay.end());
    work.warnIfMany(this.#parts.length - start);
  }

  get #work(): WorkQueue | undefined {
    return this.#flights.loading.cache.unloading.work;
  }

  get loadPriority(): LoadPriority {
    return this.#request.priority ?? "normal";
  }

  /** Never throws: a bundle that ends withdraws its turns. */
  assertWanted(): void {}

  #managerDisposed(): ManagerDisposedError {
    return new ManagerDisposedError(`load ${describe(this.#parts)}`);
  }

  #withdrawal(): DOMException {
    return withdrawalOf(describe(this.#parts), "it was withdrawn");
  }

  #load(part: Part): PendingLoad<unknown> {
    const { name, type } = part;
    const { priority, owner, caller } = this.#request;
    const progress = this.#progress;
    const request = { priority, holder: owner?.holder, progress };
    const task = owner?.depend?.(name, type) ?? this.#flights.open(name, type, request, caller);
    if (!task.pending) progress?.end(this.#flights.loading.partOf(name));
    if (this.over) {
      this.#flights.withdraw(task);
      return task;
    }
    this.#tasks.push(task);
    if (!owner?.depend) owner?.hold(task);
    task.then((handle) => {
      part.handle = handle;
      this.#settled();
    }, (reason) => this.#failed(part, reason));
    return task;
  }

  #failed(part: Part, reason: unknown): void {
    if (this.over) return;
    if (this.#flights.loading.cache.disposed) this.#withdraw(this.#managerDisposed());
    else if (isNoted(reason)) this.#withdraw(this.#withdrawal());
    else {
      part.failure = { reason };
      this.#settled();
    }
  }

  /** Counts a load that has settled. */
  #settled(): void {
    if (--this.#waiting === 0 && !this.over) this.#finish();
  }

  #finish(): void {
    const reasons = this.#parts.flatMap(({ failure }) => failure ? [failure.reason] : []);
    this.#end();
    if (reasons.length === 0 || this.#request.partial) return this.#settle.resolve(this.#result());
    const failures = this.#releaseAll();
    let message = `Cannot load ${reasons.length} of ${this.#parts.length} resources: ` +
      reasons.map(messageOf).join("; ");
    if (failures.length > 0) {
      message += `; and cannot release ${failures.length} of the others: ` +
        failures.map(({ error }) => messageOf(error)).join("; ");
    }
    const errors = [...reasons, ...failures.map(({ error }) => error)];
    // A single error stays as it is, because the load of the owner fails with it: a cycle is a
    // cycle there too.
    const isAlone = this.#request.owner?.depend !== undefined && errors.length === 1;
    this.#settle.reject(isAlone ? errors[0] : new AggregateError(errors, message));
  }

  /** Rejects because the manager is disposed. Returns what releasing the handles threw. */
  managerEnded(): Failure[] {
    this.#reject(this.#managerDisposed());
    return this.#releaseAll();
  }

  #withdraw(reason: unknown): void {
    this.#reject(reason);
    const { events } = this.#flights.loading.cache;
    for (const { error, key } of this.#releaseAll()) events.fail(error, key);
  }

  /** Rejects because somebody ended the bundle, and so no caller has to handle the rejection. */
  #reject(reason: unknown): void {
    this.#end();
    noteWithdrawal(reason);
    this.promise.catch(ignore);
    this.#settle.reject(reason);
  }

  #end(): void {
    this.over = true;
    if (this.turns?.size) this.#work!.withdraw(this, undefined);
    this.#progress?.close();
    this.#flights.bundles.delete(this);
    this.#stopListening?.();
  }

  #releaseAll(): Failure[] {
    const failures: Failure[] = [];
    for (const [index, task] of [...this.#tasks.entries()].reverse()) {
      try {
        task[Symbol.dispose]();
      } catch (error) {
        failures.push({ error, key: this.#flights.loading.partOf(this.#parts[index]!.name) });
      }
    }
    return failures;
  }

  /** Called when its owner is disposed. The owner disposes the handles. */
  [Symbol.dispose](): void {
    if (!this.over) this.#reject(this.#withdrawal());
  }

  #result(): unknown {
    const handles = this.#parts.flatMap(({ handle }) => handle ?? []);
    const loaded = Object.create(null); // so that `__proto__` is a label like any other
    for (const [label, part] of this.#items) {
      loaded[label] = Array.isArray(part)
        ? part.map(({ handle }) => handle)
        : (part as Part).handle;
    }
    Object.setPrototypeOf(loaded, Object.prototype);
    Object.defineProperty(loaded, Symbol.dispose, { value: () => disposeAll(handles) });
    if (!this.#request.partial) return loaded;
    const errors = Object.create(null);
    for (const { label, failure } of this.#parts) if (failure) errors[label] = failure.reason;
    return Object.defineProperty(loaded, "errors", { value: errors });
  }
}
