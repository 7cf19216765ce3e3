import type { Handle } from "./handle.ts";
import type { ResourceType } from "./loader.ts";
import type { Loaders, ValuesOf } from "./named.ts";

/**
 * Which load starts first when more wait than may read at once: `"high"` is for what the next frame
 * needs, `"low"` for a preload in the background.
 *
 * @example
 * ```ts
 * import { type LoadPriority, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const nextFrame: LoadPriority = "high";
 * using hero = await mgr.loadAsync("hero.txt", Text, { priority: nextFrame });
 * assertEquals(hero.value, "@");
 * ```
 */
export type LoadPriority = "high" | "normal" | "low";

/**
 * A resource that `loadAsync` is loading, as `ResourceManager.pending` lists it.
 *
 * @example
 * ```ts
 * import { MemorySource, type PendingResource, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.loadAsync("hero.txt", { priority: "high" });
 * const [hero]: PendingResource[] = mgr.pending();
 * assertEquals([hero?.key, hero?.priority, hero?.state], ["hero.txt", "high", "reading"]);
 * ```
 */
export interface PendingResource {
  /** The key of the resource. */
  key: string;
  /** How many tasks wait for it: those of the game, and those of loaders that need it. */
  waiters: number;
  /** The priority of the most urgent of these tasks. */
  priority: LoadPriority;
  /** How many bytes were read so far. */
  bytes: number;
  /** How many bytes it has, once that is known. */
  totalBytes: number | undefined;
  /**
   * `"queued"` while it waits for a place to read, `"reading"`, `"waiting"` while its loader waits
   * for a pump, and `"loading"` while its loader is at work.
   */
  state: "queued" | "reading" | "waiting" | "loading";
}

/**
 * How `ResourceManager.settled` waits.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type SettledOptions } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: number[] = [];
 * const options: SettledOptions = { onProgress: ({ done }) => seen.push(done) };
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.loadAsync("hero.txt");
 * await mgr.settled(options);
 * assertEquals([seen.at(-1), mgr.pending()], [1, []]);
 * ```
 */
export interface SettledOptions {
  /**
   * Ends the waiting when it aborts, but not the loads.
   *
   * @default {undefined} The waiting ends with the loads.
   */
  signal?: AbortSignal;
  /**
   * Called with the progress of the loads that are under way when `settled` is called, and of the
   * resources that they need. An error that it throws goes to the `error` event.
   *
   * @default {undefined} No progress is reported.
   */
  onProgress?(progress: LoadProgress): void;
}

/**
 * How `loadAsync` loads.
 *
 * @example
 * ```ts
 * import { type LoadOptions, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertRejects } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const player = new AbortController();
 * const options: LoadOptions = { signal: player.signal, priority: "low" };
 * const task = mgr.loadAsync("hero.txt", Text, options);
 * player.abort(new Error("left"));
 * await assertRejects(() => task, Error, "left");
 * ```
 */
export interface LoadOptions {
  /**
   * Withdraws this caller when it aborts. The load is aborted when its last caller has withdrawn.
   *
   * @default {undefined} Only disposing the task withdraws this caller.
   */
  signal?: AbortSignal;
  /**
   * How urgent the load is. If several callers wait for it, the most urgent of them decides.
   *
   * @default {"normal"}
   */
  priority?: LoadPriority;
  /**
   * Called with the progress: at the start, when another resource turns out to be needed, when a
   * resource is loaded, and when bytes arrive. An error that it throws goes to the `error` event.
   *
   * @default {undefined} No progress is reported.
   */
  onProgress?(progress: LoadProgress): void;
}

/**
 * A promise for a handle, which can be disposed. Disposing it withdraws this caller, or disposes the
 * handle if the resource is loaded. So both of these work:
 *
 * - `using tex = await mgr.loadAsync(…)` keeps the handle until the end of the block,
 * - `using task = mgr.loadAsync(…)` keeps the load, and later the handle, until the end of the block.
 *
 * @typeParam T The type of the resource's value.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * {
 *   using intro = await mgr.loadAsync("intro.txt", Text);
 *   assertEquals(intro.value, "Hello");
 * }
 * {
 *   using _preload = mgr.loadAsync("intro.txt", Text); // withdrawn, because it has not loaded yet
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export interface LoadTask<T> extends Promise<Handle<T>>, Disposable, AsyncDisposable {}

/**
 * Resources to load together. Each property is a name, a name and a type to check, or a list of names
 * and the type of all of them. A bundle can also be a list of names, each of which is its own property.
 *
 * @example
 * ```ts
 * import { type Bundle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@", "hat.txt": "^" }) });
 * const level = { hero: ["hero.txt", Text], hat: "hat.txt" } as const satisfies Bundle;
 * using loaded = await mgr.loadAll(level);
 * assertEquals([loaded.hero.value, loaded.hat.value], ["@", "^"]);
 * ```
 */
export type Bundle =
  | Readonly<
    Record<
      string,
      string | readonly [name: string | readonly string[], type: ResourceType<unknown>]
    >
  >
  | readonly string[];

/**
 * The type of the values of a resource type.
 *
 * @typeParam Type The resource type.
 *
 * @example
 * ```ts
 * import { Text, type ValueOf } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const hero: ValueOf<typeof Text> = "@"; // a string
 * assertEquals(typeof hero, "string");
 * ```
 */
export type ValueOf<Type> = Type extends abstract new (...args: never[]) => infer T ? T
  : Type extends { [Symbol.hasInstance](value: unknown): value is infer T } ? T
  : Type extends { readonly prototype: infer T } ? T
  : never;

/**
 * A handle for each resource of a {@linkcode Bundle}, and a list of handles for each list of names
 * in it, in the same order. Disposing the result disposes all handles.
 *
 * @typeParam B The bundle.
 * @typeParam L The loaders of the manager, which know the types of names.
 *
 * @example
 * ```ts
 * import { type LoadedBundle, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * type Level = { hero: readonly ["hero.txt", typeof Text] };
 * using level: LoadedBundle<Level> = await mgr.loadAll({ hero: ["hero.txt", Text] });
 * assertEquals(level.hero.value, "@");
 * ```
 */
export type LoadedBundle<B extends Bundle, L = Loaders> = ValuesOf<B, L> extends infer V ?
    & { readonly [Name in keyof V]: OneOrList<B, Name, Handle<Exclude<V[Name], undefined>>> }
    & Disposable
  : never;

/**
 * A list of `Each` if the bundle has a list of names at `Name`, and `Each` itself otherwise.
 *
 * @internal
 */
type OneOrList<B, Name, Each> = Name extends keyof B ? OneOrListOf<B[Name], Each> : Each;

type OneOrListOf<Item, Each> = Item extends readonly [infer Name, unknown]
  ? [Name] extends [string] ? Each // `any` too, which JSON.parse returns
  : Name extends string ? Each
  : readonly Each[]
  : Each;

/**
 * The resources of a {@linkcode Bundle} that could be loaded: the result of `loadAll` with `partial`.
 * Disposing it disposes the handles.
 *
 * @typeParam B The bundle.
 * @typeParam L The loaders of the manager, which know the types of names.
 *
 * @example
 * ```ts
 * import { MemorySource, type PartialBundle, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const bundle = { hero: ["hero.txt", Text], hat: ["hat.txt", Text] } as const;
 * using level: PartialBundle<typeof bundle> = await mgr.loadAll(bundle, { partial: true });
 * assertEquals([level.hero?.value, level.hat], ["@", undefined]);
 * assertEquals(Object.keys(level.errors), ["hat"]);
 * ```
 */
export type PartialBundle<B extends Bundle, L = Loaders> = ValuesOf<B, L> extends infer V ?
    & {
      readonly [Name in keyof V]: OneOrList<
        B,
        Name,
        Handle<Exclude<V[Name], undefined>> | undefined
      >;
    }
    & {
      /**
       * The errors of the resources that could not be loaded, by their names in the bundle. Items of a
       * list are `enemies[0]` and so on. The object has no prototype.
       */
      readonly errors: Readonly<Record<string, unknown>>;
    }
    & Disposable
  : never;

/**
 * The result of `loadAll`: all handles of the bundle, or with `partial` those that could be loaded.
 *
 * @typeParam B The bundle.
 * @typeParam P Whether it is `partial`.
 * @typeParam L The loaders of the manager, which know the types of names.
 *
 * @example
 * ```ts
 * import { type BundleResult, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * type Level = { hero: readonly ["hero.txt", typeof Text] };
 * using level: BundleResult<Level, true> = await mgr.loadAll(
 *   { hero: ["hero.txt", Text] },
 *   { partial: true },
 * );
 * assertEquals(level.hero?.value, "@");
 * ```
 */
export type BundleResult<B extends Bundle, P extends boolean, L = Loaders> = P extends true
  ? PartialBundle<B, L>
  : LoadedBundle<B, L>;

/**
 * How far a load is, including everything that its loaders turn out to need. A resource counts once,
 * however many loaders need it. `done` and `total` never decrease; `bytes` decreases only when a source
 * reads again after a failure.
 *
 * @example
 * ```ts
 * import { type LoadProgress, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const bar: LoadProgress[] = [];
 * using _level = await mgr.loadAll({ hero: ["hero.txt", Text] }, {
 *   onProgress: (progress) => bar.push(progress),
 * });
 * assertEquals(bar.at(-1), { done: 1, total: 1, bytes: 1, totalBytes: 1 });
 * ```
 */
export interface LoadProgress {
  /** How many resources are loaded, or have failed. */
  done: number;
  /** How many resources are known to be needed. Grows while loaders need more; at the end, it is `done`. */
  total: number;
  /** How many bytes were read so far. Missing while it is 0 and `totalBytes` is not known. */
  bytes?: number;
  /**
   * How many bytes all known resources have. Known from the start if the source knows sizes, as an
   * `HttpSource` with a `manifest` does. Missing while the size of a resource is not known, and
   * while all bytes are read but a loader is still at work and may need more.
   */
  totalBytes?: number;
}

/**
 * How `loadAll` loads.
 *
 * @typeParam P Whether it is `partial`.
 *
 * @example
 * ```ts
 * import { type LoadAllOptions, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assert } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const options: LoadAllOptions = {
 *   priority: "high",
 *   signal: new AbortController().signal,
 *   onProgress: ({ done, total }) => assert(done <= total),
 * };
 * using level = await mgr.loadAll({ hero: ["hero.txt", Text] }, options);
 * assert(level.hero.value === "@");
 * ```
 */
export interface LoadAllOptions<P extends boolean = false> extends LoadOptions {
  /**
   * Whether to keep the resources that could be loaded when others fail. In the result, those that
   * failed are `undefined`, and `errors` has their errors.
   *
   * @default {false}
   */
  partial?: P;
}
