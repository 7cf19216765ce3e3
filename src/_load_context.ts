import type { Handle } from "./handle.ts";
import type { LoadContext, ResourceType } from "./loader.ts";
import { resolveRelative } from "./_names.ts";

/** The context of a synchronous load. What it holds outlives it as the entry's. */
export class SynchronousContext extends DisposableStack implements LoadContext {
  readonly key: string;
  readonly #open: <T>(name: string, type: ResourceType<T>) => Handle<T>;

  constructor(key: string, open: <T>(name: string, type: ResourceType<T>) => Handle<T>) {
    super();
    this.key = key;
    this.#open = open;
  }

  load<T>(name: string, type: ResourceType<T>): Handle<T> {
    if (this.disposed) throw this.ended(name);
    const handle = this.#open(resolveRelative(name, this.key), type);
    if (!this.disposed) return this.use(handle);
    handle[Symbol.dispose](); // By what was loaded just now.
    throw this.ended(name);
  }

  /** What is wrong with loading `name` now. */
  protected ended(name: string): ReferenceError {
    return new ReferenceError(`Cannot load "${name}": the load of "${this.key}" has ended`);
  }
}
