import { attempt } from "../contract/attempt.ts";
import {
  failureOf,
  LoaderNotFoundError,
  ResourceLoadError,
  typeNameOf,
} from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import type { ReadOptions, Source } from "../contract/source.ts";
import { pathOf } from "../names/key.ts";
import type { LoaderRegistry } from "../names/loader_registry.ts";
import { makes } from "./making.ts";

type Data = Uint8Array<ArrayBuffer>;

/** Finds the bytes of a key, and the loader that decodes them. */
export class Reader {
  readonly #source: Source;
  readonly #loaders: LoaderRegistry;

  constructor(source: Source, loaders: LoaderRegistry) {
    this.#source = source;
    this.#loaders = loaders;
  }

  /** The keys below `directory`. An error names `asked`, which the user wants to find. */
  list(
    directory: string,
    options: { recursive?: boolean },
    asked?: string,
  ): Iterable<string> {
    const { list } = this.#source;
    if (list === undefined) {
      const action = asked === undefined ? "index" : "find";
      return refuse(asked ?? directory, "its source cannot list, use paths", action);
    }
    return list.call(this.#source, directory, options);
  }

  /** How many bytes will be read for `key`, if that is known before the read. Never throws. */
  size(key: string): number | undefined {
    // The load itself reports what is wrong.
    const size = attempt(() => makes(this.loaderOf(key)) ? 0 : this.#source.size?.(pathOf(key)));
    return Number.isSafeInteger(size) && size! >= 0 ? size : undefined;
  }

  /** Calls `onChange` for each key that changes, until the result is disposed. */
  watch(onChange: (key: string) => void, onError: (error: unknown) => void): Disposable {
    const { watch } = this.#source;
    const problem = "its source cannot watch, call reload for what has changed";
    return watch === undefined
      ? refuse(".", problem, "watch")
      : watch.call(this.#source, onChange, onError);
  }

  /**
   * The loader of a key. With `otherwise`, the method that an error suggests, it has a `load` or a
   * `make`. Throws if there is no such loader.
   */
  loaderOf(key: string, otherwise?: string): Loader<unknown> {
    try {
      const loader = this.#loaders.find(key);
      if (loader !== undefined && (!otherwise || (loader.load ?? loader.make))) return loader;
      const problem = `is asynchronous, use ${otherwise}`;
      throw new LoaderNotFoundError(key, this.#loaders.extensions, loader?.name, problem);
    } catch (error) {
      throw failureOf(key, error); // The members of a loader may be getters.
    }
  }

  /** Whether there is a loader for `key`. */
  reads(key: string): boolean {
    return attempt(() => this.#loaders.find(key)) !== undefined; // It throws for a wrong variant.
  }

  /** Reads the file of a key. An error suggests the method `otherwise`. */
  read(key: string, otherwise: string): Data {
    const { read } = this.#source;
    return read === undefined
      ? refuse(key, `its source reads only asynchronously, use ${otherwise}`)
      : assertBytes(read.call(this.#source, pathOf(key)));
  }

  /**
   * Reads without blocking if the source can. The caller awaits the bytes, and checks them by
   * {@linkcode assertBytes}.
   */
  readAsync(key: string, options: ReadOptions): Data | Promise<Data> {
    const { read, readAsync } = this.#source;
    if (readAsync !== undefined) return readAsync.call(this.#source, pathOf(key), options);
    if (read !== undefined) return read.call(this.#source, pathOf(key));
    return refuse(key, "its source has neither read nor readAsync");
  }
}

function refuse(key: string, problem: string, action?: string): never {
  throw new ResourceLoadError(key, problem, { action });
}

export function assertBytes(bytes: Data): Data {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`the source returned a ${typeNameOf(bytes)}, not a Uint8Array`);
}
