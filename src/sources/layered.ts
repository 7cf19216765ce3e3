import { ResourceLoadError, ResourceNotFoundError, typeNameOf } from "../contract/errors.ts";
import type { ReadOptions, Source } from "../contract/source.ts";
import { normalizeDirectory, normalizeName } from "../names/names.ts";
import { keysIn, type Layer, LayersWatch } from "./layers_watch.ts";

/**
 * Combines several sources, for example mods over a patch over the game. A key is read from the first
 * layer that has it. The next layer is read only after a {@linkcode ResourceNotFoundError}: any other
 * error of a layer is thrown.
 *
 * `read` and `list` exist if a layer has them, or if there are no layers. `readAsync` and `watch` always
 * exist.
 *
 * @example Mods over the game
 * ```ts
 * import { LayeredSource, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const base = new MemorySource({ "hero.txt": "@", "orc.txt": "o" });
 * const mods = new MemorySource({ "hero.txt": "&" });
 * using mgr = new ResourceManager({ source: new LayeredSource([mods, base]) });
 * using hero = mgr.load("hero.txt", Text);
 * using orc = mgr.load("orc.txt", Text);
 * assertEquals([hero.value, orc.value], ["&", "o"]);
 * ```
 */
export class LayeredSource implements Source {
  /** From the top down. Replaced on each change, so that a read goes on with the layers it began with. */
  #layers: readonly Layer[];
  /** Replaced on each change. That also removes the watches that are over. */
  #watches: readonly LayersWatch[] = [];
  /** All keys that were read: they may change when a layer is mounted that cannot list. */
  readonly #asked = new Set<string>();

  /**
   * Creates a source of `layers`, the top one first. Does not read or list anything yet.
   *
   * @throws {TypeError} `layers` is not iterable, or one of them is not a source.
   */
  constructor(layers: Iterable<Source> = []) {
    this.#layers = [...layers].map(layerOf);
  }

  /**
   * Puts a source on top of all others, until the result is disposed. Disposing removes exactly this
   * layer, even if others were mounted since; disposing again does nothing. A source may be mounted
   * several times. A read that has begun goes on with the layers that it began with.
   *
   * Watchers receive each key that the source lists when it is mounted and unmounted, except keys that a
   * layer above lists too. If the source cannot list, they receive every key that was ever read. Costs a
   * `list` of the source and of the layers above if there are watchers, and O(layers) if not.
   *
   * @throws {TypeError} `source` is not a source.
   *
   * @example A language that is chosen while the game runs
   * ```ts
   * import { LayeredSource, MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new LayeredSource([new MemorySource({ "sign.txt": "Beware" })]);
   * using mgr = new ResourceManager({ source });
   * using sign = mgr.load("sign.txt", Text);
   * {
   *   using _german = source.mount(new MemorySource({ "sign.txt": "Halt" }));
   *   mgr.reload("sign.txt"); // or let mgr.watch() do that
   *   assertEquals(sign.value, "Halt");
   * }
   * mgr.reload("sign.txt");
   * assertEquals(sign.value, "Beware");
   * ```
   */
  mount(source: Source): Disposable {
    const layer = layerOf(source);
    this.#change([layer, ...this.#layers], layer);
    return { [Symbol.dispose]: () => this.#unmount(layer) };
  }

  /**
   * Reads `key` from the first layer that has it. `undefined` if all layers read only asynchronously.
   * Costs one read of each layer down to that one.
   *
   * @throws {ResourceNotFoundError} No layer has the key; `cause` is the error of the lowest one.
   * @throws {ResourceLoadError} A layer that reads only asynchronously comes first: use `loadAsync`.
   * @throws {ResourcePathError} `key` is not a valid key.
   *
   * @example
   * ```ts
   * import { LayeredSource, MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new LayeredSource([new MemorySource(), new MemorySource({ "hero.txt": "@" })]);
   * assertEquals(source.read?.("hero.txt").length, 1);
   * ```
   */
  get read(): ((key: string) => Uint8Array<ArrayBuffer>) | undefined {
    return this.#has("read") ? this.#read : undefined;
  }

  /**
   * Reads `key` without blocking from the first layer that has it: by the `readAsync` of each layer, or
   * by its `read` if it has only that. Rejects with the reason of `signal` if that aborts. Costs one
   * read of each layer down to the one that has the key.
   *
   * @throws {ResourceNotFoundError} No layer has the key; `cause` is the error of the lowest one.
   * @throws {ResourcePathError} `key` is not a valid key.
   *
   * @example
   * ```ts
   * import { LayeredSource, MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const source = new LayeredSource([new MemorySource(), new MemorySource({ "hero.txt": "@" })]);
   * assertEquals((await source.readAsync("hero.txt")).length, 1);
   * ```
   */
  async readAsync(key: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const name = this.#ask(key);
    let cause: unknown;
    for (const { source } of this.#layers) {
      options.signal?.throwIfAborted();
      try {
        return await (source.readAsync?.(name, options) ?? source.read!(name));
      } catch (error) {
        cause = missingOrThrow(error);
      }
    }
    throw notFound(key, cause);
  }

  /**
   * Returns the keys of all layers below `directory`, each once, sorted. Layers that cannot list add
   * none. `undefined` if no layer can list. O(keys), and one `list` of each layer.
   *
   * @throws {ResourceNotFoundError} No layer has such a directory.
   * @throws {ResourcePathError} `directory` is not a valid key.
   *
   * @example
   * ```ts
   * import { LayeredSource, MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const mods = new MemorySource({ "hero.txt": "&", "cat.txt": "c" });
   * const source = new LayeredSource([mods, new MemorySource({ "hero.txt": "@" })]);
   * assertEquals(source.list?.(""), ["cat.txt", "hero.txt"]);
   * ```
   */
  get list(): ((directory: string, options?: { recursive?: boolean }) => string[]) | undefined {
    return this.#has("list") ? this.#list : undefined;
  }

  /**
   * Calls `onChange` with each key that changes in a layer, or because a layer is mounted or unmounted,
   * until the result is disposed. A change is not reported if a layer above lists the key, or if the
   * layer has no `watch`. If the `watch` of a layer fails, `onError` receives the error, and the other
   * layers are still watched. Costs one `watch` of each layer, and for each change a `list` of the key's
   * directory in the layers above.
   *
   * @example
   * ```ts
   * import { LayeredSource, MemorySource } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * const [mods, base] = [new MemorySource({ "hero.txt": "&" }), new MemorySource()];
   * const source = new LayeredSource([mods, base]);
   * const log: string[] = [];
   * using _watch = source.watch((key) => log.push(key));
   * base.set("hero.txt", "@"); // hidden by the mod
   * base.set("orc.txt", "o");
   * assertEquals(log, ["orc.txt"]);
   * ```
   */
  watch(
    onChange: (key: string) => void,
    onError: (error: unknown) => void = () => {},
  ): Disposable & AsyncDisposable {
    const watch = new LayersWatch(onChange, onError);
    this.#watches = [...this.#watches.filter(({ isOver }) => !isOver), watch];
    watch.follow(this.#layers);
    return watch;
  }

  #unmount(layer: Layer): void {
    if (!this.#layers.includes(layer)) return;
    this.#change(this.#layers.filter((other) => other !== layer), layer);
  }

  /** Replaces the layers by `layers`, to which `changed` was added, or from which it was removed. */
  #change(layers: readonly Layer[], changed: Layer): void {
    this.#watches = this.#watches.filter(({ isOver }) => !isOver);
    const all = layers.includes(changed) ? layers : this.#layers;
    const keys = this.#watches.length === 0 ? [] : this.#shownBy(changed, all);
    this.#layers = layers;
    for (const watch of this.#watches) watch.follow(this.#layers);
    for (const watch of this.#watches) watch.report(keys);
  }

  /** Whether a layer has `member`. Without layers both members exist, and find nothing. */
  #has(member: "read" | "list"): boolean {
    return this.#layers.length === 0 ||
      this.#layers.some(({ source }) => source[member] !== undefined);
  }

  /** Normalizes `key`, and notes that it was read. */
  #ask(key: string): string {
    const name = normalizeName(key);
    this.#asked.add(name);
    return name;
  }

  #read(key: string): Uint8Array<ArrayBuffer> {
    const name = this.#ask(key);
    let cause: unknown;
    for (const { source } of this.#layers) {
      if (source.read === undefined) {
        const problem =
          "a layer that reads only asynchronously comes first, use loadAsync or reloadAsync";
        throw new ResourceLoadError(key, problem);
      }
      try {
        return source.read(name);
      } catch (error) {
        cause = missingOrThrow(error);
      }
    }
    throw notFound(key, cause);
  }

  #list(directory: string, options?: { recursive?: boolean }): string[] {
    const start = normalizeDirectory(directory);
    const keys = new Set<string>();
    let [isThere, cause]: [boolean, unknown] = [start === "", undefined];
    for (const { source } of this.#layers) {
      try {
        for (const key of source.list?.(start, options) ?? []) keys.add(key);
        isThere ||= source.list !== undefined;
      } catch (error) {
        cause = missingOrThrow(error);
      }
    }
    if (!isThere) throw notFound(directory, cause, "index");
    return [...keys].sort();
  }

  /** Returns the keys of the layer `of` that no layer above lists. */
  #shownBy(of: Layer, layers: readonly Layer[]): string[] {
    const above = layers.slice(0, layers.indexOf(of));
    const hidden = new Set(above.flatMap((layer) => keysIn(layer) ?? []));
    return (keysIn(of) ?? [...this.#asked]).filter((key) => !hidden.has(key));
  }
}

function layerOf(source: Source): Layer {
  if (typeof (source?.read ?? source?.readAsync) === "function") return { source };
  throw new TypeError(
    `Cannot mount a layer: it must be a Source, with read or readAsync: received ${
      typeNameOf(source)
    }`,
  );
}

/** Returns the error if the next layer is to be asked. Throws all others. */
function missingOrThrow(error: unknown): unknown {
  if (error instanceof ResourceNotFoundError) return error;
  throw error;
}

function notFound(key: string, cause: unknown, action?: string): ResourceNotFoundError {
  return new ResourceNotFoundError(key, "no layer has it", { cause, action });
}
