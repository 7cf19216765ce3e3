import type { Content } from "../cache/entry.ts";
import { ResourceCycleError } from "../contract/errors.ts";
import type { Handle } from "../contract/handle.ts";
import type {
  AsyncLoadContext,
  LoadContext,
  ResourceType,
  TurnOptions,
} from "../contract/loader.ts";
import { assertNumber } from "../contract/options.ts";
import { quote } from "../contract/printable.ts";
import type { Bundle, BundleResult, LoadPriority, LoadTask } from "../contract/task.ts";
import { noteWithdrawal } from "../contract/withdrawal.ts";
import { PendingLoad } from "../handles/pending_load.ts";
import { ResourceHandle } from "../handles/resource_handle.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import { partsOf, pathOf, wholeOf } from "../names/key.ts";
import { resolveRelative } from "../names/names.ts";
import type { AskedType } from "../names/resource_type.ts";
import { PendingBundle } from "./bundle.ts";
import type { Flight } from "./flight.ts";
import type { Flights } from "./flights.ts";
import { LazyStack } from "./lazy_stack.ts";
import type { Loading } from "./loading.ts";
import { turnOf } from "./making.ts";
import { handleIn } from "./ready_task.ts";

/**
 * The context of a synchronous load. When the load ends, the entry takes over what the context
 * holds.
 */
export class SynchronousContext extends LazyStack implements LoadContext {
  readonly key: string;
  /** When the loader began, in ticks of the cache. */
  readonly began: number;
  /** When the source of the key last changed since then, in ticks of the cache; 0 if it has not. */
  changed = 0;
  /**
   * The keys that the resource depends on: what its loader has loaded, or tried to load, if
   * anything.
   */
  dependencies: Set<string> | undefined;
  /** The keys that the loader has asked for, whether or not they could be loaded. */
  asked: Set<string> | undefined;
  /** Whether the entry has to keep anything of it. Most loaders do not use their context. */
  #holds = false;
  /** Whether the loader has put more than dependencies into it. */
  #ownsMore = false;
  #holder: LeaseHolder | undefined;
  readonly #loading: Loading;

  constructor(key: string, loading: Loading) {
    super();
    this.key = key;
    this.began = loading.cache.tick();
    this.#loading = loading;
  }

  get path(): string {
    return pathOf(this.key);
  }

  get variant(): string {
    return partsOf(this.key).variant;
  }

  get part(): string {
    return partsOf(this.key).part;
  }

  get whole(): string {
    return wholeOf(this.key);
  }

  /** The value of the whole that it is a part of, if its loader has loaded that. */
  get wholeValue(): unknown {
    const known = [this.whole, this.path].find((key) => this.dependencies?.has(key));
    return known === undefined ? undefined : this.#loading.cache.entries.get(known)?.value;
  }

  /** The resource that is being loaded, as the holder of its dependencies. */
  get holder(): LeaseHolder {
    return this.#holder ??= { label: this.key, isResource: true };
  }

  /** The keys that are being loaded, each by the loader of the one before. */
  get chain(): readonly string[] {
    return this.#loading.active.map(({ key }) => key);
  }

  load<T>(name: string, type?: ResourceType<T>): Handle<T> {
    if (this.disposed) throw this.ended(`load ${quote(name)}`);
    const asked = this.ask(name);
    const handle = this.#attempt(asked, () => this.#loading.dependency<T>(asked, type, this));
    this.depend(handle.key);
    if (!this.disposed) return this.use(handle);
    handle[Symbol.dispose](); // The dependency's own loader has ended this load.
    throw this.ended(`load ${quote(name)}`);
  }

  /**
   * Calls `load`. If that fails and the loader goes on without `name`, the resource depends on
   * `name` all the same, because it may be loadable later.
   */
  #attempt<T>(name: string, load: () => T): T {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof ResourceCycleError)) {
        this.depend(this.#loading.keyOf(name));
        this.#holds = true;
      }
      throw error;
    }
  }

  override use<T extends Disposable | null | undefined>(value: T): T {
    this.#holds = true;
    const dispose = isReference(value) ? undefined : value?.[Symbol.dispose];
    this.#ownsMore ||= dispose !== undefined;
    if (!this.#mayWait(dispose)) return super.use(value);
    super.defer(() => this.#later(() => dispose.call(value)));
    return value;
  }

  override adopt<T>(value: T, onDispose: (value: T) => void): T {
    this.#holds = this.#ownsMore = true;
    if (!this.#mayWait(onDispose)) return super.adopt(value, onDispose);
    return super.adopt(value, () => this.#later(() => onDispose(value)));
  }

  override defer(onDispose: () => void): void {
    this.#holds = this.#ownsMore = true;
    super.defer(this.#mayWait(onDispose) ? () => this.#later(onDispose) : onDispose);
  }

  /**
   * Calls `run` when the context is disposed, without waiting for a pump: it is not a callback of a
   * user.
   */
  deferNow(run: () => void): void {
    this.#holds = this.#ownsMore = true;
    super.defer(run);
  }

  /**
   * Whether a callback of a user waits for a pump. The base class refuses what is not a function.
   */
  #mayWait<T>(callback: T): callback is NonNullable<T> {
    return this.#loading.cache.unloading.work !== undefined && typeof callback === "function";
  }

  #later(run: () => void): void {
    this.#loading.cache.unloading.later(this.key, run);
  }

  /** Ends the context, and moves what the resource has to keep into `content`. */
  end(content: Content): Content {
    if (this.#holds) {
      content.dependencies = this.dependencies;
      content.holder = this.#holder;
      content.ownsMore = this.#ownsMore;
      content.began = this.began;
      content.made = this.#loading.cache.tick();
      if (!this.disposed) content.context = this.move();
    }
    this.dispose();
    return content;
  }

  /** Resolves `name` relative to this resource, and notes that the loader asked for it. */
  protected ask(name: string): string {
    const resolved = resolveRelative(name, this.path);
    (this.asked ??= new Set()).add(this.#loading.keyOf(resolved));
    return resolved;
  }

  /** Notes that the loader has loaded `key`. */
  protected depend(key: string): void {
    (this.dependencies ??= new Set()).add(key);
  }

  /** The error for using the context after the load has ended. */
  protected ended(action: string): ReferenceError {
    return new ReferenceError(`Cannot ${action}: the load of ${quote(this.key)} has ended`);
  }
}

/** The context of an asynchronous load. */
export class AsynchronousContext extends SynchronousContext implements AsyncLoadContext {
  /** Called before each turn. It may throw to refuse the turn. */
  beforeTurn: (() => void) | undefined;
  readonly #flight: Flight;
  readonly #flights: Flights;
  readonly #loading: Loading;

  constructor(flight: Flight, loading: Loading, flights: Flights) {
    super(flight.key, loading);
    this.#flight = flight;
    this.#flights = flights;
    this.#loading = loading;
  }

  override get chain(): readonly string[] {
    return this.#flight.chain;
  }

  get priority(): LoadPriority {
    return this.#flight.loadPriority;
  }

  get signal(): AbortSignal {
    return this.#flight.signal;
  }

  override load<T>(name: string, type?: ResourceType<T>): Handle<T> {
    const loading = this.#loading;
    const outer = loading.followers;
    loading.followers = this.#flight.followers;
    try {
      return super.load(name, type);
    } finally {
      loading.followers = outer;
    }
  }

  loadAsync<T>(name: string, type?: ResourceType<T>): PendingLoad<T> {
    if (this.disposed) return this.#late(`load ${quote(name)}`);
    try {
      return this.#loadAsync(this.ask(name), type);
    } catch (error) {
      return PendingLoad.failed(error);
    }
  }

  #loadAsync<T>(name: string, type: ResourceType<T> | undefined): PendingLoad<T> {
    const key = this.#loading.keyOf(name);
    const request = {
      priority: this.#flight.priority,
      holder: this.holder,
      parent: this.#flight,
    };
    const task = this.#flights.load<T>(name, type, request);
    if (this.disposed) { // The source, or a listener, has ended this load.
      this.#flights.withdraw(task);
      return this.#late(`load ${quote(name)}`);
    }
    // It is a dependency from now on, whether or not its loader awaits it.
    if (!task.over) this.depend(key);
    // The context owns the task, so nobody has to handle the rejection of one that is not awaited.
    task.catch(() => {});
    return this.use(task);
  }

  loadAll<const B extends Bundle, P extends boolean = false>(
    bundle: B,
    options?: { readonly partial?: P },
  ): Promise<BundleResult<B, P>> {
    const owner = {
      disposed: this.disposed,
      holder: this.holder,
      depend: (name: string, type: AskedType) => this.loadAsync(name, type),
      hold: (item: Disposable) => void this.use(item),
      ended: (what: string) => this.ended(`load ${what}`),
    };
    const caller = AsynchronousContext.prototype.loadAll;
    const request = { partial: options?.partial, caller, owner };
    const bundled = this.#flights.loadAll<BundleResult<B, P>>(bundle, request);
    // The context owns it, as it owns each task.
    bundled.catch(() => {});
    return bundled;
  }

  turn<T>(run: () => T, { uploadBytes = 0 }: TurnOptions = {}): Promise<Awaited<T>> {
    if (this.disposed) return this.#late("take a turn") as Promise<unknown> as Promise<never>;
    try {
      assertNumber("take a turn", uploadBytes, "a number of bytes to upload, 0 or more");
      const turn = turnOf(this.#flight, this.#loading.cache.unloading.work);
      const start = (): T => {
        this.beforeTurn?.();
        return run();
      };
      return Promise.resolve(turn(start, uploadBytes));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Whether it makes a part of a whole that is not resident and can be loaded. */
  get needsWhole(): boolean {
    if (this.part === "" || this.#loading.cache.entries.has(this.whole)) return false;
    return this.#loading.reader.reads(this.whole);
  }

  /** Disposes a task that is needed only until the value is made. */
  release(task: LoadTask<unknown>): void {
    this.#flights.withdraw(task);
  }

  /**
   * The failed task of a loader that does not know yet that its load was withdrawn. Nobody has to
   * handle the rejection.
   */
  #late<T>(action: string): PendingLoad<T> {
    const error = this.ended(action);
    noteWithdrawal(error);
    return PendingLoad.failed(error);
  }
}

/** Calls `run` when `held`, which a loader has filled, is disposed, without waiting for a pump. */
export function deferNow(held: DisposableStack, run: () => void): void {
  if (held instanceof SynchronousContext) held.deferNow(run);
  else held.defer(run);
}

/**
 * Whether `value` is a handle, a task or a bundle of ours, whose disposal is not a callback of a
 * user.
 */
function isReference(value: unknown): boolean {
  const held = handleIn(value) ?? value;
  return held instanceof ResourceHandle || held instanceof PendingLoad ||
    held instanceof PendingBundle;
}
