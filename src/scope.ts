import type { Ask } from "./cache/observers.ts";
import { typeNameOf } from "./contract/errors.ts";
import type { Handle } from "./contract/handle.ts";
import type { ResourceType } from "./contract/loader.ts";
import type { CheckedBundle, CheckedName, Loaders, ValueNamed } from "./contract/named.ts";
import { quote } from "./contract/printable.ts";
import type {
  Bundle,
  BundleResult,
  LoadAllOptions,
  LoadOptions,
  LoadTask,
} from "./contract/task.ts";
import { noteWithdrawal, withdrawalOf } from "./contract/withdrawal.ts";
import { Adopted, Holdings, Mark, MovedStack } from "./handles/holdings.ts";
import { NativeStack } from "./handles/native_stack.ts";
import { PendingLoad } from "./handles/pending_load.ts";
import { openOwned } from "./handles/resource_handle.ts";
import { ScopeWatch } from "./handles/scope_watch.ts";
import type { LeaseHolder, RecordedLease } from "./leaks/leases.ts";
import type { Flights } from "./load/flights.ts";
import type { Loading } from "./load/loading.ts";
import { typeIn } from "./names/resource_type.ts";

/**
 * An open clone of a scope's handle. The scope does not own it, and does not dispose it.
 *
 * @example
 * ```ts
 * import { type EscapedHandle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const scene = mgr.scope("title");
 * using kept = scene.load("hero.txt", Text).clone();
 * scene.dispose();
 * const escaped: EscapedHandle[] = scene.escaped();
 * assertEquals(escaped, [{ key: kept.key, type: "Text" }]);
 * ```
 */
export interface EscapedHandle {
  /** The key of its resource. */
  key: string;
  /** The name of the resource's type. */
  type: string;
  /** Where it was cloned, one stack frame a line, if `leaks.stacks` captured it. */
  stack?: string;
}

/** A scope, as the holder of its handles. The set is created when the first handle is cloned. */
class ScopeHolder implements LeaseHolder {
  readonly label: string;
  #clones: Set<RecordedLease> | undefined;

  constructor(label: string) {
    this.label = label;
  }

  get clones(): Set<RecordedLease> {
    return this.#clones ??= new Set();
  }
}

/** The holder of a scope's handles, and how its `load` asks. Distinguishes scopes of the same label. */
interface Own extends Ask {
  readonly holder: ScopeHolder;
}

/** Makes the holder of a new scope, and reports the scope to the observers. */
function enter({ loading }: Flights, label: string): Own {
  const holder = new ScopeHolder(label);
  loading.cache.observers.tell("entered", holder);
  return { holder, blocks: true };
}

/**
 * How many items have an entry of their own in the native stack; later ones share the last entry.
 * With an entry for each, a scope of 64 loads is twice as slow, and an entry can't be removed again.
 */
const OWN_ENTRIES = 2;

/** Stands for the holdings of a scope that is disposed or was moved: nothing may be added. */
const ENDED = /* @__PURE__ */ new Holdings(() => true, { label: "" }, true);

/**
 * A `DisposableStack` that can load resources. Disposing it disposes everything that it loaded, in
 * reverse order. A game makes one for each scene, with {@linkcode ResourceManager.scope}.
 *
 * The scope forgets handles, tasks and scopes that are disposed before it, so its memory does not grow
 * with what it once held. Call its own methods: callbacks added by
 * `DisposableStack.prototype.defer.call(scope, …)` may run out of order.
 *
 * @typeParam L The loaders of its manager, as a tuple.
 * @typeParam K The names of the manifest; `string` without one.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A", "b.txt": "B" }) });
 * {
 *   using scene = mgr.scope("title");
 *   scene.load("a.txt");
 *   scene.load("b.txt");
 *   assertEquals(mgr.size, 2);
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export class ResourceScope<out L extends Loaders = Loaders, K extends string = string>
  extends NativeStack {
  /** The name of the scope in reports; `""` without a label. */
  readonly label: string;
  readonly #flights: Flights;
  readonly #loading: Loading;
  /** Moves with what the scope holds. */
  readonly #own: Own;
  #held: Holdings;
  /** Finds a forgotten scope. Set when the scope holds something. */
  #watch: ScopeWatch | undefined;
  /** How many entries the native stack has: 0 to {@linkcode OWN_ENTRIES}. */
  #entries = 0;

  /**
   * Called by `ResourceManager.scope`.
   *
   * @ignore
   */
  constructor(flights: Flights, label: string, own: Own = enter(flights, label)) {
    super();
    this.label = label;
    this.#flights = flights;
    this.#loading = flights.loading;
    this.#own = own;
    this.#held = new Holdings(flights.isOver, own.holder);
  }

  /**
   * Loads a resource as {@linkcode ResourceManager.load} does. The scope owns the handle, and disposes
   * it when the scope is disposed. O(1) if the resource is resident.
   *
   * @throws What {@linkcode ResourceManager.load} throws.
   * @throws {ReferenceError} The scope is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   assertEquals(scene.load("hero.txt").value, "@");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  load<const N extends K>(name: N): Handle<ValueNamed<L, N>>;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  load<const N extends string>(name: N & CheckedName<K, N>): Handle<ValueNamed<L, N>>;
  /**
   * Loads a resource for the scope, and checks that it is of `type`. O(1) if it is resident.
   *
   * @throws {ResourceTypeError} The value is not of `type`.
   * @throws {TypeError} `type` is not a class or a type token.
   */
  load<T>(name: string, type: ResourceType<T>): Handle<T>;
  load(name: string, type?: ResourceType<unknown>): Handle<unknown> {
    // Not `#open`: to read `disposed` of the native stack takes a fifth of the time of a load.
    const held = this.#entries < OWN_ENTRIES ? this.#addEntry() : this.#held;
    if (held.over) throw this.#ended(quote(String(name)));
    const entry = this.#loading.take(name, type, this.#own);
    const handle = openOwned(entry, held, ResourceScope.prototype.load);
    if (held.over) throw this.#refused(handle, this.#ended(quote(String(name))));
    held.own(handle);
    return handle;
  }

  /**
   * Adds an entry to the native stack for the next item, and returns the holdings that the item is
   * added to. The item comes later, and the scope may end before that.
   */
  #addEntry(): Holdings {
    if (this.disposed) return ENDED;
    if (this.#entries++ > 0) super.adopt(this.#held.mark(false), Mark.reached);
    else super.adopt(this.#watched(), ScopeWatch.reached);
    return this.#held;
  }

  #watched(): ScopeWatch {
    return this.#watch = new ScopeWatch(this.#held, this.#loading.cache.leaks.detect);
  }

  /** Disposes `handle`. Returns `error`, or both errors in one if that throws, as `using` does. */
  #refused(handle: Disposable, error: Error): Error {
    try {
      handle[Symbol.dispose]();
    } catch (later) {
      return new SuppressedError(later, error);
    }
    return error;
  }

  /** The holdings that the next item is added to. They are `over` if the scope is disposed. */
  #open(): Holdings {
    if (this.#entries < OWN_ENTRIES) return this.#addEntry();
    return this.disposed ? ENDED : this.#held;
  }

  /**
   * Loads a resource as {@linkcode ResourceManager.loadAsync} does. The scope owns the task: when the
   * scope is disposed, it withdraws the load, or disposes the handle if the load is done. Never throws:
   * if the scope is disposed already, the task rejects with a `ReferenceError`. O(1) if the resource is
   * resident.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   const hero = await scene.loadAsync("hero.txt");
   *   assertEquals(hero.value, "@");
   *   scene.loadAsync("hero.txt"); // withdrawn at the end if it is not done by then
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  loadAsync<const N extends K>(name: N, options?: LoadOptions): LoadTask<ValueNamed<L, N>>;
  /**
   * Also accepts a name of the manifest with a variant or a part, or a template literal type. O(1) if
   * resident.
   */
  loadAsync<const N extends string>(
    name: N & CheckedName<K, N>,
    options?: LoadOptions,
  ): LoadTask<ValueNamed<L, N>>;
  /** Loads a resource for the scope without blocking, and checks its type. O(1) if it is resident. */
  loadAsync<T>(name: string, type: ResourceType<T>, options?: LoadOptions): LoadTask<T>;
  loadAsync(
    name: string,
    first?: ResourceType<unknown> | LoadOptions,
    second?: LoadOptions,
  ): LoadTask<unknown> {
    const type = typeIn(first);
    const options = second ?? (type === undefined ? first as LoadOptions : undefined);
    const held = this.#open();
    if (held.over) return PendingLoad.failed(this.#ended(quote(String(name))));
    const request = { ...options, holder: this.#own.holder };
    const task = this.#flights.open(name, type, request, ResourceScope.prototype.loadAsync);
    if (!held.over) {
      held.add(task);
      return task;
    }
    this.#flights.withdraw(task); // The source or a listener has disposed the scope.
    return PendingLoad.failed(withdrawalOf(quote(String(name)), `${this.#name} was disposed`));
  }

  /**
   * Loads resources as {@linkcode ResourceManager.loadAll} does. The scope owns the handles, and
   * disposes them when the scope is disposed. If the scope is disposed before all are loaded, the bundle
   * is withdrawn: it rejects with an `AbortError`, which never counts as unhandled. O(bundle).
   *
   * @throws {AggregateError} Some resources could not be loaded, and the others were released. Contains
   * the error of each failed load, then the errors of releasing the others.
   * @throws {TypeError} The bundle is malformed. Nothing was loaded.
   * @throws {ReferenceError} The scope is disposed already.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   const { hero } = await scene.loadAll({ hero: "hero.txt" });
   *   assertEquals(hero.value, "@");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  loadAll<const B extends Bundle, P extends boolean = false>(
    bundle: CheckedBundle<B, K>,
    options?: LoadAllOptions<P>,
  ): Promise<BundleResult<B, P, L>> {
    const held = this.#open();
    const owner = {
      disposed: held.over,
      holder: this.#own.holder,
      hold: (item: Disposable) => held.add(item),
      ended: (what: string) => this.#ended(what),
    };
    const caller = ResourceScope.prototype.loadAll;
    return this.#flights.loadAll(bundle as Bundle, { ...options, caller, owner });
  }

  /**
   * Adds a disposable, which is disposed with the scope. `null` and `undefined` are ignored. A handle, a
   * task or a stack that is disposed earlier is forgotten. O(1) on average.
   *
   * @throws {ReferenceError} The scope is disposed.
   * @throws {TypeError} `value` has no `[Symbol.dispose]`.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   const hero = scene.use(mgr.load("hero.txt", Text));
   *   assertEquals(hero.value, "@");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  override use<T extends Disposable | null | undefined>(value: T): T {
    const held = this.#usable("use a disposable");
    if (value === null || value === undefined) return value;
    const dispose = value[Symbol.dispose];
    assertCallable(dispose, "use a disposable", "its [Symbol.dispose]");
    held.add(new Adopted(value, dispose));
    return value;
  }

  /**
   * Adds a value that is not disposable: when the scope is disposed, it calls `onDispose` with the
   * value. O(1) on average.
   *
   * @throws {ReferenceError} The scope is disposed.
   * @throws {TypeError} `onDispose` is not a function.
   *
   * @example
   * ```ts
   * import { ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager();
   * const log: string[] = [];
   * {
   *   using scene = mgr.scope("title");
   *   scene.adopt("music", (name) => log.push(`stop ${name}`));
   * }
   * assertEquals(log, ["stop music"]);
   * ```
   */
  override adopt<T>(value: T, onDispose: (value: T) => void): T {
    const held = this.#usable("adopt a value");
    assertCallable(onDispose, "adopt a value", "its callback");
    held.add(new Adopted(undefined, () => onDispose(value)));
    return value;
  }

  /**
   * Adds a callback, which the scope calls when it is disposed. O(1) on average.
   *
   * @throws {ReferenceError} The scope is disposed.
   * @throws {TypeError} `onDispose` is not a function.
   *
   * @example
   * ```ts
   * import { ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager();
   * const log: string[] = [];
   * {
   *   using scene = mgr.scope("title");
   *   scene.defer(() => log.push("left"));
   * }
   * assertEquals(log, ["left"]);
   * ```
   */
  override defer(onDispose: () => void): void {
    const held = this.#usable("defer a callback");
    assertCallable(onDispose, "defer a callback", "it");
    held.add(new Adopted(undefined, onDispose));
  }

  /**
   * Returns the open clones of this scope's handles, and the clones of those. The scope does not own
   * clones: they stay open when the scope is disposed. O(open clones).
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A" }) });
   * const scene = mgr.scope("title");
   * using kept = scene.load("a.txt", Text).clone();
   * scene.dispose();
   * assertEquals(scene.escaped(), [{ key: "a.txt", type: "Text" }]);
   * ```
   */
  escaped(): EscapedHandle[] {
    return [...this.#own.holder.clones].map(({ resource, site }) => ({
      key: resource!.key,
      type: resource!.typeName,
      ...(site !== undefined && { stack: site.stack }),
    }));
  }

  get #name(): string {
    return this.label === "" ? "the scope" : `the scope ${quote(this.label)}`;
  }

  /** The error for loading `what` when the scope is disposed. It counts as a withdrawal. */
  #ended(what: string): ReferenceError {
    const error = new ReferenceError(`Cannot load ${what}: ${this.#name} is disposed`);
    noteWithdrawal(error);
    return error;
  }

  #usable(action: string): Holdings {
    const held = this.#open();
    if (held.over) throw new ReferenceError(`Cannot ${action}: ${this.#name} is disposed`);
    return held;
  }

  /**
   * Moves everything that the scope holds into a new one with the same label, and leaves this one
   * disposed. O(1).
   *
   * @throws {ReferenceError} The scope is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, type ResourceScope, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * function enter(): ResourceScope {
   *   using scene = mgr.scope("level"); // disposes everything if a load throws
   *   scene.load("hero.txt", Text);
   *   return scene.move();
   * }
   * {
   *   using _level = enter();
   *   assertEquals(mgr.size, 1);
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  override move(): ResourceScope<L, K> {
    const held = this.#usable("move what it holds");
    held.add(new MovedStack(super.move()));
    const moved = new ResourceScope<L, K>(this.#flights, this.label, this.#own);
    moved.#held = held;
    moved.#addEntry();
    this.#watch!.end();
    this.#held = ENDED;
    this.#entries = OWN_ENTRIES; // It adds no further one.
    return moved;
  }

  /**
   * Disposes everything that the scope holds, in reverse order, even if some throw. Later calls do
   * nothing. O(what it holds).
   *
   * @throws What disposing throws: a single error itself, several chained as `SuppressedError`s.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * const scene = mgr.scope("title");
   * scene.load("hero.txt", Text);
   * scene.dispose();
   * assertEquals([scene.disposed, mgr.size], [true, 0]);
   * ```
   */
  override dispose(): void {
    if (this.disposed) return;
    try {
      super.dispose();
    } catch (error) {
      throw this.#held.chain(error);
    } finally {
      this.#loading.cache.observers.tell("left", this.#own.holder);
    }
  }

  /**
   * Disposes everything that the scope holds, at the end of a `using` block. O(what it holds).
   *
   * @throws What {@linkcode ResourceScope.dispose} throws.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * const scene = mgr.scope("title");
   * scene.load("hero.txt", Text);
   * scene[Symbol.dispose]();
   * assertEquals([scene.disposed, mgr.size], [true, 0]);
   * ```
   */
  override [Symbol.dispose](): void {
    this.dispose();
  }
}

function assertCallable(value: unknown, action: string, what: string): void {
  if (typeof value === "function") return;
  throw new TypeError(`Cannot ${action}: ${what} is ${typeNameOf(value)}, not a function`);
}
