import type { Handle } from "./handle.ts";
import type { Bundle, BundleResult, LoadPriority, LoadTask } from "./task.ts";

/**
 * The type that a resource is loaded as: a class, even one with a private constructor, or a
 * {@linkcode TypeToken}.
 *
 * @typeParam T The type of the resource's value.
 *
 * @example
 * ```ts
 * import { ResourceManager, type ResourceType } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Level {
 *   private constructor(readonly name: string) {}
 *   static named = (name: string) => new Level(name);
 * }
 * function open<T>(name: string, type: ResourceType<T>): T {
 *   return mgr.with(name, type, (value) => value);
 * }
 * using mgr = new ResourceManager();
 * using _caves = mgr.add("1.level", Level.named("caves"));
 * assertEquals(open("1.level", Level).name, "caves");
 * ```
 */
export type ResourceType<T> =
  | (abstract new (...args: never[]) => T)
  | { readonly name: string; readonly prototype: T }
  | TypeToken<T>;

/**
 * Stands for a type that has no class, such as strings.
 *
 * @typeParam T The type of the resource's value.
 *
 * @example
 * ```ts
 * import { ResourceManager, type TypeToken } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const Color: TypeToken<`#${string}`> = {
 *   name: "Color",
 *   [Symbol.hasInstance]: (value): value is `#${string}` => /^#/.test(String(value)),
 * };
 * using mgr = new ResourceManager();
 * using _sky = mgr.add("sky", "#88f");
 * using sky = mgr.load("sky", Color);
 * assertEquals(sky.value, "#88f");
 * ```
 */
export interface TypeToken<T> {
  /** The name of the type in messages. */
  readonly name: string;
  /** Whether `value` is of the type. `instanceof` calls it. */
  [Symbol.hasInstance](value: unknown): value is T;
}

/**
 * Makes values from the bytes of files that have one of its extensions.
 *
 * A loader says how its values are unloaded and how large they are. Without `unload`, a value with
 * `[Symbol.dispose]` or `[Symbol.asyncDispose]` is disposed; without `byteLength`, the size is that
 * of the bytes. Only `unload` or this disposal frees memory that the garbage collector does not see, such
 * as textures and FFI pointers.
 *
 * A loader with `make` makes values without bytes: noise, a render target, the sprites of a sheet. To
 * get types from names, keep the literal extensions: write the loader in the manager's options, give it
 * the type `Loader<Palette, ".gpl">`, or end it with `as const satisfies Loader<Palette>`.
 *
 * @typeParam T The type of the values that it makes.
 * @typeParam E The extensions that it reads, as literals.
 *
 * @example
 * ```ts
 * import { type Loader, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Palette {
 *   constructor(readonly colors: string[]) {}
 * }
 * const paletteLoader: Loader<Palette, ".gpl"> = {
 *   name: "palette",
 *   extensions: [".gpl"],
 *   load: (bytes) => new Palette(new TextDecoder().decode(bytes).trim().split("\n")),
 *   byteLength: (palette) => palette.colors.length * 8,
 * };
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "night.gpl": "#000020\n#f0f0ff\n" }),
 *   loaders: [paletteLoader],
 * });
 * using night = mgr.load("night.gpl"); // a Handle<Palette>
 * assertEquals(night.value.colors[0], "#000020");
 * ```
 *
 * @example A loader of parts: a sprite of a sheet, which stays resident as long as its sprites
 * ```ts
 * import { type Loader, MemorySource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Sheet {
 *   constructor(readonly sprites: Map<string, string>) {}
 * }
 * const sheets = {
 *   name: "sheet",
 *   extensions: [".sheet"],
 *   load: (bytes) => new Sheet(new Map(JSON.parse(new TextDecoder().decode(bytes)))),
 * } as const satisfies Loader<Sheet>;
 * const sprites = {
 *   name: "sprite",
 *   extensions: [".sheet#"],
 *   make: (context) => context.load(context.whole, Sheet).value.sprites.get(context.part),
 *   parts: (sheet: Sheet) => sheet.sprites.keys(),
 * } as const satisfies Loader<string>;
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "hero.sheet": '[["idle", "@"], ["run", "&"]]' }),
 *   loaders: [sheets, sprites],
 * });
 * using run = mgr.load("hero.sheet#run");
 * assertEquals([run.value, mgr.has("hero.sheet")], ["&", true]);
 * ```
 */
export interface Loader<T, E extends string = string> {
  /** The name of the loader in messages. */
  readonly name: string;
  /**
   * The file extensions that it reads, with the dot: `".png"`, `".tar.gz"`. The longest match wins, in
   * upper or lower case. `".png?pixels"` is for names with that variant, `".sheet#"` for names with a
   * part.
   */
  readonly extensions: readonly E[];
  /**
   * The variants that it makes of one file, such as `["data"]` for `hero.png?data`, or `true` for any.
   * `context.variant` says which one is requested.
   *
   * @default {[]}
   */
  readonly variants?: readonly string[] | true;
  /** Decodes `bytes`, which the loader may keep. `context` loads its dependencies. */
  load?(bytes: Uint8Array<ArrayBuffer>, context: LoadContext): T;
  /** Decodes `bytes` without blocking. */
  loadAsync?(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<T>;
  /**
   * Makes a value without reading bytes. Its size is 0 unless the loader has `byteLength`. A loader that
   * has `make` or `makeAsync` cannot have `load` or `loadAsync`. When the manager's `loadAsync` loads a
   * part, it loads `context.whole` before it calls `make`, so that nothing blocks.
   *
   * @returns The value, or `undefined` if it does not exist: the load then fails with a
   * `ResourceNotFoundError`.
   */
  make?(context: LoadContext): T | undefined;
  /** Makes a value without reading bytes, and without blocking. */
  makeAsync?(context: AsyncLoadContext): Promise<T | undefined>;
  /**
   * Returns the names of the parts of `whole`, for a loader of parts. If a requested part does not
   * exist, the error suggests similar names.
   */
  parts?(whole: never): Iterable<string>;
  /**
   * Updates a value in place on a reload, such as the pixels of a texture, so that all code that keeps
   * the value sees the change. A synchronous reload passes a `LoadContext`, and fails if a promise is
   * returned.
   *
   * @returns `false` if it cannot: the resource is then loaded again, and the new value replaces the old
   * one.
   */
  update?(
    value: T,
    bytes: Uint8Array<ArrayBuffer>,
    context: LoadContext | AsyncLoadContext,
  ): boolean | void | Promise<boolean | void>;
  /**
   * Unloads a value that this loader made. Called exactly once for each value. Without it, a manager
   * warns if the values have a method `dispose`, `destroy`, `close` or `free`, because nothing calls it.
   *
   * @default {A value with `[Symbol.dispose]` or `[Symbol.asyncDispose]` is disposed.}
   */
  unload?(value: T): void | Promise<void>;
  /**
   * Returns the size of a value in bytes: a whole number of 0 or more. Round fractions.
   *
   * @default {The number of bytes that were read, and 0 for `make`.}
   */
  byteLength?(value: T): number;
}

/**
 * Loads the dependencies of a loader, and holds them.
 *
 * It is a `DisposableStack`: if the load fails, it is disposed; if the load succeeds, the resource owns
 * it, and disposes it after unloading the value.
 *
 * @example
 * ```ts
 * import { type LoadContext, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "ui/menu.list": "title.txt", "ui/title.txt": "Holdfast" });
 * using mgr = new ResourceManager({ source });
 * mgr.registerLoader({
 *   name: "list",
 *   extensions: [".list"],
 *   load: (bytes, context: LoadContext) =>
 *     [context.load(`./${new TextDecoder().decode(bytes)}`, Text).value],
 * });
 * using menu = mgr.load("ui/menu.list", Array);
 * assertEquals(menu.value, ["Holdfast"]);
 * assertEquals(mgr.has("ui/title.txt"), true); // for as long as the menu is
 * ```
 */
export interface LoadContext extends DisposableStack {
  /**
   * The key that is being loaded: `path`, then `?` and `variant`, then `#` and `part`, if it names them.
   */
  readonly key: string;
  /** The path of the file, which the source reads. */
  readonly path: string;
  /** The requested variant; `""` without one. */
  readonly variant: string;
  /** The requested part; `""` without one. */
  readonly part: string;
  /** The key without its part. A loader of parts loads this key to make the part. */
  readonly whole: string;
  /**
   * Loads a dependency. The resource holds it for as long as the resource is resident. Names that start
   * with `./` or `../` are relative to the directory of `key`. `path` itself, with or without a variant
   * or a part, refers to the same file. Without a `type`, nothing checks the value.
   *
   * @throws What {@linkcode ResourceManager.load} throws.
   * @throws {ResourceCycleError} The dependency needs the resource that is being loaded.
   * @throws {ReferenceError} The load has ended.
   */
  load(name: string): Handle<unknown>;
  /** Loads a dependency, and checks that it is of `type`. */
  load<T>(name: string, type: ResourceType<T>): Handle<T>;
}

/**
 * Loads the dependencies of an asynchronous loader, and holds them.
 *
 * @example
 * ```ts
 * import { type AsyncLoadContext, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "menu.list": "a.txt b.txt", "a.txt": "A", "b.txt": "B" });
 * using mgr = new ResourceManager({ source });
 * mgr.registerLoader({
 *   name: "list",
 *   extensions: [".list"],
 *   async loadAsync(bytes, context: AsyncLoadContext) {
 *     const names = new TextDecoder().decode(bytes).split(" ");
 *     const items = await Promise.all(names.map((name) => context.loadAsync(name, Text)));
 *     return items.map(({ value }) => value);
 *   },
 * });
 * using menu = await mgr.loadAsync("menu.list", Array);
 * assertEquals(menu.value, ["A", "B"]);
 * ```
 */
export interface AsyncLoadContext extends LoadContext {
  /** Aborts when nobody waits for the resource any more. */
  readonly signal: AbortSignal;
  /** The priority of the load: that of the most urgent task that waits for it. */
  readonly priority: LoadPriority;
  /**
   * Loads a dependency without blocking; several calls load side by side. The resource depends on it
   * from this call on, even if the loader does not await it, and holds it for as long as the resource is
   * resident. Names are resolved as by {@linkcode LoadContext.load}. Never throws: the task rejects with
   * the errors that `load` throws.
   */
  loadAsync(name: string): LoadTask<unknown>;
  /** Loads a dependency without blocking, and checks that it is of `type`. */
  loadAsync<T>(name: string, type: ResourceType<T>): LoadTask<T>;
  /**
   * Loads dependencies side by side, as {@linkcode AsyncLoadContext.loadAsync} loads each of them: all,
   * or with `partial` those that can be loaded. The resource holds them for as long as it is resident,
   * so there is nothing to dispose. They are as urgent as the resource, count in its progress, and are
   * withdrawn with it. Never throws: it rejects with the error, with an `AggregateError` of several
   * errors, or with a `TypeError` if the bundle is malformed. O(bundle).
   *
   * @example
   * ```ts
   * import { type Handle, type Loader, MemorySource, ResourceManager, Text } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * class Level {
   *   constructor(readonly map: Handle<string>, readonly music: Handle<string>) {}
   * }
   * const levelLoader: Loader<Level, ".level"> = {
   *   name: "level",
   *   extensions: [".level"],
   *   async loadAsync(bytes, context) {
   *     const { map, music } = JSON.parse(new TextDecoder().decode(bytes));
   *     const parts = await context.loadAll({ map: [map, Text], music: [music, Text] });
   *     return new Level(parts.map, parts.music);
   *   },
   * };
   * const source = new MemorySource({
   *   "1.level": '{ "map": "1.txt", "music": "theme.txt" }',
   *   "1.txt": "#.#",
   *   "theme.txt": "la la",
   * });
   * using mgr = new ResourceManager({ source, loaders: [levelLoader] });
   * {
   *   using level = await mgr.loadAsync("1.level");
   *   assertEquals([level.value.map.value, level.value.music.value], ["#.#", "la la"]);
   * }
   * assertEquals(mgr.size, 0);
   * ```
   */
  loadAll<const B extends Bundle, P extends boolean = false>(
    bundle: B,
    options?: { readonly partial?: P },
  ): Promise<BundleResult<B, P>>;
  /**
   * Runs expensive work when this load's turn comes, such as the upload of decoded pixels to the GPU.
   * With `pacing: "pumped"`, the work runs in a pump, in the order of the priorities; otherwise it runs
   * at once.
   *
   * Never throws. Resolves to what `run` returns, and rejects with what `run` throws, or with a
   * `RangeError` if `uploadBytes` is negative or not a number. If the load was withdrawn, it does not
   * call `run`, and rejects with an `AbortError`, or with a `ReferenceError` if it was called after
   * that. O(1), plus the cost of `run`.
   *
   * @example
   * ```ts
   * import { type Loader, MemorySource, ResourceManager } from "@holdfast/resources";
   * import { assertEquals } from "@std/assert";
   *
   * class Sprite {
   *   constructor(readonly pixels: ArrayBuffer) {} // writes them to the GPU
   * }
   * const sprites: Loader<Sprite, ".sprite"> = {
   *   name: "sprite",
   *   extensions: [".sprite"],
   *   async loadAsync(bytes, context) {
   *     const pixels = await new Blob([bytes]).arrayBuffer(); // a worker decodes
   *     const uploadBytes = pixels.byteLength;
   *     return await context.turn(() => new Sprite(pixels), { uploadBytes });
   *   },
   * };
   * const source = new MemorySource({ "a.sprite": "1234", "b.sprite": "5678" });
   * using mgr = new ResourceManager({ source, loaders: [sprites], pacing: "pumped" });
   * const loading = mgr.loadAll(["a.sprite", "b.sprite"]);
   * const frames = setInterval(() => mgr.pump({ maxMs: 4, maxUploadBytes: 4 }), 1000 / 60);
   * using level = await loading; // both begin in one frame, and are uploaded in one after the other
   * clearInterval(frames);
   * assertEquals(level["a.sprite"].value.pixels.byteLength, 4);
   * ```
   */
  turn<T>(run: () => T, options?: TurnOptions): Promise<Awaited<T>>;
}

/**
 * What the work in {@linkcode AsyncLoadContext.turn} costs.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type TurnOptions } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const upload: TurnOptions = { uploadBytes: 64 * 64 * 4 };
 * using mgr = new ResourceManager({
 *   source: new MemorySource(),
 *   loaders: [{
 *     name: "target",
 *     extensions: [".target"],
 *     makeAsync: (context) => context.turn(() => "made on the GPU", upload),
 *   }],
 * });
 * using shadows = await mgr.loadAsync("shadows.target");
 * assertEquals(shadows.value, "made on the GPU");
 * ```
 */
export interface TurnOptions {
  /**
   * How many bytes the work uploads to the GPU. They count for `maxUploadBytes` of
   * `ResourceManager.pump`.
   *
   * @default {0} Nothing is uploaded.
   */
  uploadBytes?: number;
}
