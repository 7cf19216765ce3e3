import type { Owner } from "./_entry.ts";
import type { Handle } from "./handle.ts";
import type { ResourceType } from "./loader.ts";

/** What a scope needs of its manager. */
export interface ScopeHost {
  open<T>(
    name: string,
    type: ResourceType<T>,
    holder: Owner,
    // deno-lint-ignore ban-types
    caller: Function,
  ): Handle<T>;
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
  readonly #host: ScopeHost;
  /** Tells this scope from others of the same label. Moves with what it holds. */
  #holder: Owner;

  /** Made by `ResourceManager.scope`, which knows the host. @ignore */
  constructor(host: ScopeHost, label: string) {
    super();
    this.label = label;
    this.#host = host;
    this.#holder = { label };
  }

  /**
   * Loads like `ResourceManager.load`; the handle is the scope's, and is disposed with it.
   *
   * @throws {ReferenceError} The scope is disposed.
   */
  load<T>(name: string, type: ResourceType<T>): Handle<T> {
    this.#assertOpen(name);
    const handle = this.#host.open(name, type, this.#holder, ResourceScope.prototype.load);
    if (this.disposed) handle[Symbol.dispose](); // By a loader or a listener, just now.
    this.#assertOpen(name);
    return this.use(handle);
  }

  #assertOpen(name: string): void {
    if (!this.disposed) return;
    throw new ReferenceError(`Cannot load "${name}": the scope "${this.label}" is disposed`);
  }

  /**
   * Moves all that the scope holds into a new one with the same label, and leaves this one disposed.
   *
   * @throws {ReferenceError} The scope is disposed.
   */
  override move(): ResourceScope {
    const moved = new ResourceScope(this.#host, this.label);
    moved.use(super.move());
    moved.#holder = this.#holder;
    return moved;
  }
}
