import type { Handle } from "./contract/handle.ts";
import type { ResourceType } from "./contract/loader.ts";
import { printable } from "./contract/printable.ts";
import type {
  Bundle,
  LoadAllOptions,
  LoadedBundle,
  LoadOptions,
  LoadTask,
} from "./contract/task.ts";
import type { Caller } from "./leaks/call_sites.ts";
import type { LeaseHolder, RecordedLease } from "./leaks/leases.ts";
import { loadBundle } from "./load/bundle.ts";
import { disposeAll } from "./handles/dispose_all.ts";
import type { Request } from "./load/flight.ts";
import type { Flights } from "./load/flights.ts";
import { PendingLoad } from "./handles/pending_load.ts";

/**
 * An open handle that does not end with the scope that its resource was loaded by.
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
  /** Where it was cloned, a frame a line, if `leaks.stacks` captured it. */
  stack?: string;
}

/**
 * Handles that a scope has loaded one after the other. Together they are one entry of its stack: with
 * an entry for each, a scope of 64 loads is 2 to 4 times as slow.
 */
class Batch implements Disposable {
  readonly handles: Disposable[] = [];
  /** Its scope is disposed, as far as that can be told from here: to ask the scope costs more. */
  ended = false;

  [Symbol.dispose](): void {
    this.ended = true;
    disposeAll(this.handles);
  }
}

/**
 * A `DisposableStack` that can load: what it loads is disposed with it, in reverse order.
 * One for each scene, made by `ResourceManager.scope`.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A", "b.txt": "B" }) });
 * {
 *   using scene = mgr.scope("title");
 *   scene.load("a.txt", Text);
 *   scene.load("b.txt", Text);
 *   assertEquals(mgr.size, 2);
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export class ResourceScope extends DisposableStack {
  /** What the scope is called in reports; `""` if it was given no label. */
  readonly label: string;
  readonly #flights: Flights;
  /** Tells this scope from others of the same label. Moves with what it holds. */
  #own: { readonly holder: LeaseHolder & { readonly clones: Set<RecordedLease> } };
  /** The last entry of the stack, if that is a batch. */
  #batch: Batch | undefined;

  /**
   * Made by `ResourceManager.scope`.
   *
   * @ignore
   */
  constructor(flights: Flights, label: string) {
    super();
    this.label = label;
    this.#flights = flights;
    this.#own = { holder: { label, clones: new Set() } };
  }

  /**
   * Loads like `ResourceManager.load`; the handle is the scope's, and is disposed with it. O(1) if it is
   * resident.
   *
   * @throws What `ResourceManager.load` throws.
   * @throws {ReferenceError} The scope is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   assertEquals(scene.load("hero.txt", Text).value, "@");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  load<T>(name: string, type: ResourceType<T>): Handle<T> {
    if (this.#batch?.ended ?? this.disposed) throw this.#ended(name);
    const handle = this.#flights.loading.open(name, type, this.#own, ResourceScope.prototype.load);
    if (this.#batch?.ended ?? this.disposed) {
      handle[Symbol.dispose](); // By a loader or a listener, just now.
      throw this.#ended(name);
    }
    const batch = this.#batch ?? this.use(new Batch());
    batch.handles.push(handle);
    this.#batch = batch;
    return handle;
  }

  /**
   * Loads like `ResourceManager.loadAsync`; the task is the scope's. When the scope is disposed, what
   * still waits is withdrawn, and what is loaded is released. Never throws: a disposed scope's task
   * rejects with a `ReferenceError`. O(1) if it is resident.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   const hero = await scene.loadAsync("hero.txt", Text);
   *   assertEquals(hero.value, "@");
   *   scene.loadAsync("hero.txt", Text); // withdrawn at the end if it is not done by then
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  loadAsync<T>(name: string, type: ResourceType<T>, options: LoadOptions = {}): LoadTask<T> {
    return this.#task(name, type, options, ResourceScope.prototype.loadAsync);
  }

  /**
   * Loads like `ResourceManager.loadAll`; the handles are the scope's, and are disposed with it.
   * O(bundle).
   *
   * @throws {AggregateError} Some could not be loaded; the others were released.
   * @throws {ReferenceError} The scope is disposed.
   *
   * @example
   * ```ts
   * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
   * {
   *   using scene = mgr.scope("title");
   *   const { hero } = await scene.loadAll({ hero: ["hero.txt", Text] });
   *   assertEquals(hero.value, "@");
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  async loadAll<B extends Bundle>(
    bundle: B,
    options: LoadAllOptions = {},
  ): Promise<LoadedBundle<B>> {
    const { events } = this.#flights.loading.cache;
    return await loadBundle(bundle, options, events, (name, type, onProgress) => {
      const { loadAll } = ResourceScope.prototype;
      return this.#task(name, type, { ...options, onProgress }, loadAll);
    });
  }

  #task<T>(name: string, type: ResourceType<T>, request: Request, caller: Caller): LoadTask<T> {
    if (this.disposed) return PendingLoad.failed(this.#ended(name));
    return this.use(this.#flights.open(name, type, { ...request, ...this.#own }, caller));
  }

  /**
   * Takes over a disposable, which is disposed with the scope. O(1).
   *
   * @throws {ReferenceError} The scope is disposed.
   * @throws {TypeError} It has no `[Symbol.dispose]`.
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
    this.#batch = undefined;
    return super.use(value);
  }

  /**
   * Takes over a value that is no disposable: `onDispose` is called with it at the end. O(1).
   *
   * @throws {ReferenceError} The scope is disposed.
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
    this.#batch = undefined;
    return super.adopt(value, onDispose);
  }

  /**
   * Calls `onDispose` at the end. O(1).
   *
   * @throws {ReferenceError} The scope is disposed.
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
    this.#batch = undefined;
    super.defer(onDispose);
  }

  /**
   * The open handles that were cloned from this scope's own, or from such clones. They belong to
   * somebody else: once the scope has ended, these are what outlives it. O(such handles).
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
      ...(site !== undefined && { stack: site }),
    }));
  }

  #ended(name: string): ReferenceError {
    const scope = this.label === "" ? "the scope" : `the scope "${this.label}"`;
    return new ReferenceError(printable(`Cannot load "${name}": ${scope} is disposed`));
  }

  /**
   * Moves all that the scope holds into a new one with the same label, and leaves this one disposed.
   * O(1).
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
   *   using scene = mgr.scope("level"); // gives all back if a load throws
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
  override move(): ResourceScope {
    this.#batch = undefined;
    const moved = new ResourceScope(this.#flights, this.label);
    moved.use(super.move());
    moved.#own = this.#own;
    return moved;
  }
}
