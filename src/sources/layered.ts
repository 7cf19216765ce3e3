import { ResourceLoadError, ResourceNotFoundError, typeNameOf } from "../contract/errors.ts";
import type { ReadOptions, Source } from "../contract/source.ts";
import { normalizeDirectory, normalizeName } from "../names/names.ts";
import { keysIn, type Layer, LayersWatch } from "./layers_watch.ts";

/**
 * Several sources as one: mods over a patch over the game. The first that has a key wins. A key falls
 * through to the next layer only by a {@linkcode ResourceNotFoundError}: a layer that is broken is not
 * skipped, its error is thrown.
 *
 * What it offers follows from its layers: `read` is there if a layer has it, and so is `list`.
 * `readAsync` and `watch` are always there.
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
  /** From the top down. Exchanged when they change: a read goes on through those it began with. */
  #layers: readonly Layer[] = [];
  /** Those who watch. Copied on every change; those that are over leave with the next one. */
  #watches: readonly LayersWatch[] = [];
  /** All keys that were asked for: those that may change with a layer that cannot list. */
  readonly #asked = new Set<string>();

  /**
   * Creates a source of `layers`, the top one first. Asks none of them for anything yet.
   *
   * @throws {TypeError} `layers` is not iterable, or one of them is not a source.
   */
  constructor(layers: Iterable<Source> = []) {
    this.#layers = [...layers].map(layerOf);
  }

  /**
   * Puts a source on top of all others, until the result is disposed; that takes away this very
   * layer, wherever it is by then, and disposing it again does nothing. A source may be mounted
   * several times. A read that is under way goes on with the layers that it began with.
   *
   * Watchers get each key that the source lists: those that a layer above lists too
   * are left out. With a source that cannot list, it is every key that was ever asked for. Costs a
   * `list` if anyone watches, and O(layers) if not.
   *
   * @throws {TypeError} It is not a source.
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
   * Reads `key` from the first layer that has it. Costs what the layers cost, down to that one.
   * `undefined` if all layers read only asynchronously.
   *
   * @throws {ResourceNotFoundError} No layer has it; `cause` is what the lowest one said.
   * @throws {ResourceLoadError} A layer that reads only asynchronously comes first: use `loadAsync`.
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
   * Like {@linkcode LayeredSource.read}, without blocking: by the `readAsync` of each layer, or by its
   * `read` if it has no other. Costs what the layers cost, down to the one that has the key.
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
        cause = missing(error);
      }
    }
    throw notFound(key, cause);
  }

  /**
   * The keys of all layers below `directory`, each once, sorted. Layers that cannot list add none.
   * `undefined` if no layer can list. O(keys), and what the layers cost.
   *
   * @throws {ResourceNotFoundError} No layer has such a directory.
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
   * Calls `onChange` with each key that changes in a layer, and with those that change because a
   * layer is mounted or unmounted. A change is left out if a layer above lists the key. Changes in
   * layers without `watch` are not seen. A layer whose `watch` fails is told to `onError`; the
   * others are watched. Costs what the layers cost, and for each change a `list` of its directory in
   * the layers above.
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

  /** Exchanges the layers: `changed` comes or goes. */
  #change(layers: readonly Layer[], changed: Layer): void {
    this.#watches = this.#watches.filter(({ isOver }) => !isOver);
    const all = layers.includes(changed) ? layers : this.#layers;
    const keys = this.#watches.length === 0 ? [] : this.#shownBy(changed, all);
    this.#layers = layers;
    for (const watch of this.#watches) watch.follow(this.#layers);
    for (const watch of this.#watches) watch.report(keys);
  }

  /** Whether a layer has `member`. With no layers, what is asked for is not found in any way. */
  #has(member: "read" | "list"): boolean {
    return this.#layers.length === 0 ||
      this.#layers.some(({ source }) => source[member] !== undefined);
  }

  /** The key that `key` stands for. */
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
        const problem = "a layer that reads only asynchronously comes first, use loadAsync";
        throw new ResourceLoadError(key, problem);
      }
      try {
        return source.read(name);
      } catch (error) {
        cause = missing(error);
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
        cause = missing(error);
      }
    }
    if (!isThere) throw notFound(directory, cause, "index");
    return [...keys].sort();
  }

  /** The keys that watchers may have from the layer `of`. */
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

/** Passes on what lets a key fall through to the next layer, and throws all else. */
function missing(error: unknown): unknown {
  if (error instanceof ResourceNotFoundError) return error;
  throw error;
}

function notFound(key: string, cause: unknown, action?: string): ResourceNotFoundError {
  return new ResourceNotFoundError(key, "none of its layers has it", { cause, action });
}
