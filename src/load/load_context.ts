import type { Content } from "../cache/entry.ts";
import type { Handle } from "../contract/handle.ts";
import type { LoadContext, ResourceType } from "../contract/loader.ts";
import { resolveRelative } from "../names/names.ts";

/** The context of a synchronous load. What it holds outlives it as the entry's. */
export class SynchronousContext extends DisposableStack implements LoadContext {
  readonly key: string;
  /** The keys of what the loader has loaded, once it has. */
  dependencies: Set<string> | undefined = undefined;
  /** Most loaders need no context: then nothing of it is kept. */
  #holds = false;
  readonly #open: <T>(name: string, type: ResourceType<T>) => Handle<T>;

  constructor(key: string, open: <T>(name: string, type: ResourceType<T>) => Handle<T>) {
    super();
    this.key = key;
    this.#open = open;
  }

  load<T>(name: string, type: ResourceType<T>): Handle<T> {
    if (this.disposed) throw this.ended(name);
    const handle = this.#open(resolveRelative(name, this.key), type);
    this.depend(handle.key);
    if (!this.disposed) return this.use(handle);
    handle[Symbol.dispose](); // By what was loaded just now.
    throw this.ended(name);
  }

  override use<T extends Disposable | null | undefined>(value: T): T {
    this.#holds = true;
    return super.use(value);
  }

  override adopt<T>(value: T, onDispose: (value: T) => void): T {
    this.#holds = true;
    return super.adopt(value, onDispose);
  }

  override defer(onDispose: () => void): void {
    this.#holds = true;
    super.defer(onDispose);
  }

  /** Ends it. Returns what the resource has to keep of it. */
  end(): Pick<Content, "context" | "dependencies"> {
    const { dependencies } = this;
    if (!this.disposed && this.#holds) return { context: this.move(), dependencies };
    this.dispose();
    return { context: undefined, dependencies };
  }

  /** Notes that the loader has loaded `key`. */
  protected depend(key: string): void {
    (this.dependencies ??= new Set()).add(key);
  }

  /** What is wrong with loading `name` now. */
  protected ended(name: string): ReferenceError {
    return new ReferenceError(`Cannot load "${name}": the load of "${this.key}" has ended`);
  }
}
