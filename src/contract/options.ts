import { isObject } from "./is_object.ts";
import type { Clock } from "./clock.ts";
import type { Leak } from "./events.ts";
import type { Manifest } from "./manifest.ts";
import type { Loaders } from "./named.ts";
import type { Source } from "./source.ts";

/**
 * How a `ResourceManager` reads, keeps and reports.
 *
 * @typeParam L The loaders, as a tuple.
 * @typeParam K The names of the manifest.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type ResourceManagerOptions, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const options: ResourceManagerOptions = {
 *   source: new MemorySource({ "hero.txt": "@" }), // or "./assets"
 *   maxBytes: 256_000_000,
 *   idle: { maxAge: 60_000 },
 *   leaks: { stacks: true },
 * };
 * using mgr = new ResourceManager(options);
 * mgr.load("hero.txt", Text)[Symbol.dispose]();
 * assertEquals(mgr.idleBytes, 1);
 * ```
 */
export interface ResourceManagerOptions<
  L extends Loaders = Loaders,
  K extends string = string,
> {
  /**
   * Where bytes come from. A string or a file URL is a directory.
   *
   * @default {"."}
   */
  source?: Source | string | URL;
  /**
   * Loaders on top of those for text, JSON and bytes. Written here as an array, they tell the manager
   * the types of names: `mgr.load("hero.png")` is of what the loader of `".png"` makes.
   */
  loaders?: L;
  /**
   * The files that there are, as `@holdfast/resources/manifest` lists them. Names are checked against it
   * by the compiler, and editors complete them. For an `HttpSource`, give it to that too.
   */
  manifest?: Manifest<K>;
  /**
   * The budget in bytes for live and idle resources. With it, what nothing references any more stays in
   * memory unless `idle` says otherwise; without it, that is unloaded at once. Idle ones are evicted to keep it, those that have
   * been idle longest first. What an evicted resource alone held comes next, if more has to go. What
   * has 0 bytes and holds nothing is not evicted for it.
   */
  maxBytes?: number;
  /**
   * What happens to a resource when its last reference goes: it is unloaded at once, or kept until
   * space is needed, until `maxEntries` others are idle, or until it has been idle for `maxAge` ms.
   *
   * `"keep"` without `maxBytes` has no bound: nothing is unloaded until you call `unloadUnused`, `trim`
   * or `clear`. Give `maxBytes` as well, unless all that the game has fits into memory.
   *
   * @default {"keep"} with `maxBytes`, else `"unload"`
   */
  idle?: IdlePolicy;
  /**
   * How many reads may be under way at once, by `loadAsync`.
   *
   * @default {16}
   */
  maxConcurrency?: number;
  /**
   * When callbacks run that may cost a frame: loaders of `loadAsync` whose bytes are there, and
   * unloading. `"pumped"` lets them wait for `ResourceManager.pump`, which a game calls once a frame.
   * Counts, sizes and events are settled at once either way.
   *
   * @default {"immediate"}
   */
  pacing?: Pacing;
  /** What is done about handles that nobody disposes. */
  leaks?: LeakOptions;
  /** Where the time comes from. */
  clock?: Clock;
}

/**
 * What happens to a resource that nothing references any more: it is unloaded at once, or kept. An
 * object keeps it within limits: `maxAge` is how long it may be idle, in milliseconds, and `maxEntries`
 * how many may be idle at once. A limit that is left out does not exist. `maxBytes` holds beside all of
 * them, and is the only limit of `"keep"`: without it, that keeps everything that was ever loaded.
 *
 * @example
 * ```ts
 * import { type IdlePolicy, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const idle: IdlePolicy = { maxEntries: 1 };
 * using mgr = new ResourceManager({ source: new MemorySource({ "1.txt": "I", "2.txt": "II" }), idle });
 * mgr.load("1.txt", Text)[Symbol.dispose]();
 * mgr.load("2.txt", Text)[Symbol.dispose]();
 * assertEquals([mgr.has("1.txt"), mgr.has("2.txt")], [false, true]);
 * ```
 */
export type IdlePolicy = "unload" | "keep" | { maxAge?: number; maxEntries?: number };

/**
 * When callbacks run that may cost a frame: at once, or in `ResourceManager.pump`.
 *
 * @example
 * ```ts
 * import { MemorySource, type Pacing, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const pacing: Pacing = "pumped";
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }), pacing });
 * mgr.load("hero.txt")[Symbol.dispose]();
 * assertEquals(mgr.cacheStats().queued?.unloads, 0); // a string is not unloaded by anything
 * assertEquals(mgr.pump({ maxMs: 4 }), 0);
 * ```
 */
export type Pacing = "immediate" | "pumped";

/**
 * How much `ResourceManager.pump` runs.
 *
 * @example
 * ```ts
 * import { MemorySource, type PumpOptions, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const frame: PumpOptions = { maxMs: 2, maxUploadBytes: 4_000_000 };
 * using mgr = new ResourceManager({ source: new MemorySource(), pacing: "pumped" });
 * assertEquals(mgr.pump(frame), 0);
 * ```
 */
export interface PumpOptions {
  /**
   * How long it may go on to begin something, in milliseconds.
   *
   * @default {4}
   */
  maxMs?: number;
  /**
   * How many bytes of uploads may begin: of the turns of loaders that say their `uploadBytes`. One upload
   * begins in any case, however large it is, if there is time. The next ones wait for the next pump; all
   * else goes on.
   *
   * @default {Infinity}
   */
  maxUploadBytes?: number;
}

/**
 * What is done about handles that nobody disposes.
 *
 * @example
 * ```ts
 * import { type LeakOptions, ResourceManager } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const leaks: LeakOptions = {
 *   stacks: true, // say where each handle was opened
 *   onLeak: ({ key, stack }) => assertStringIncludes(`${key} ${stack}`, "hero"),
 * };
 * using mgr = new ResourceManager({ leaks });
 * mgr.add("hero", "@"); // forgotten: reported when the manager is disposed
 * ```
 */
export interface LeakOptions {
  /**
   * Whether handles are watched.
   *
   * @default {true}
   */
  detect?: boolean;
  /**
   * Captures the call site of each handle; with a number, of the first handle of each name, and of one in
   * so many others. Costs tens of microseconds for each that is captured, and takes a slower way through
   * every load: one from memory costs two to three times as much. `false` captures none.
   *
   * By default, only what has leaked is looked at: after a leak without a call site, that of the next handle
   * of the resource is captured. So the second report of a mistake mostly says where it is, and a program
   * without leaks pays nothing.
   */
  stacks?: boolean | number;
  /**
   * Also reports, when the task ends in which it was made, a handle that nobody has taken: no `using`,
   * no `DisposableStack.use`, no scope and no `keep`. It stays open and may still be disposed. Captures
   * call sites unless `stacks` says otherwise, and takes a slower way through every load: for
   * development.
   *
   * @default {false}
   */
  strict?: boolean;
  /**
   * Called for each leak. By default, a `console.warn` for each call site says how many leaks were found
   * together, unless somebody listens to `leak`. It says it again when they are twice as many.
   */
  onLeak?(leak: Leak): void;
}

/**
 * How `ResourceManager.watch` reloads what changes.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type WatchOptions } from "@holdfast/resources";
 * import { assert } from "@std/assert";
 *
 * const options: WatchOptions = { debounce: 200 };
 * await using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * await using watcher = mgr.watch(options);
 * assert(Symbol.dispose in watcher);
 * ```
 */
export interface WatchOptions {
  /**
   * How long nothing more must have changed before what has is reloaded, in milliseconds: a file may
   * be seen half written, and many may change together.
   *
   * @default {50}
   */
  debounce?: number;
}

/**
 * How a value that `ResourceManager.add` takes is sized and unloaded.
 *
 * @example
 * ```ts
 * import { type AddOptions, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const gone: string[] = [];
 * const options: AddOptions<string> = { byteLength: 4096, unload: (value) => void gone.push(value) };
 * using mgr = new ResourceManager();
 * {
 *   using _noise = mgr.add("noise", "made here", options);
 *   assertEquals(mgr.bytes, 4096);
 * }
 * assertEquals(gone, ["made here"]);
 * ```
 */
export interface AddOptions<T> {
  /**
   * Its size in bytes: a whole number, 0 or more.
   *
   * @default {0}
   */
  byteLength?: number;
  /**
   * Whether it may take the place of a live value: handles then see it, as after a reload, and what
   * was made from the old value is reloaded. The old one is unloaded afterwards.
   *
   * @default {false}
   */
  replace?: boolean;
  /** Unloads it. By default it is disposed, if it can be. */
  unload?(value: T): void | Promise<void>;
}

/** Throws a `RangeError` for a limit or a policy that can't be kept. */
export function assertLimits(
  options: ResourceManagerOptions,
  action: string = "create a ResourceManager",
): void {
  const { maxBytes, idle, maxConcurrency, pacing, leaks: { stacks } = {} } = options;
  const check = (isRight: boolean, name: string, value: unknown, wanted: string) => {
    if (isRight || value === undefined) return;
    const received = typeof value === "string" ? `"${value}"` : String(value);
    throw new RangeError(
      `Cannot ${action}: "${name}" must be ${wanted}: received ${received}`,
    );
  };
  const isNumber = (value: unknown) => typeof value === "number" && value >= 0;
  check(isNumber(maxBytes) && maxBytes! > 0, "maxBytes", maxBytes, "a positive number of bytes");
  const isCount = Number.isInteger(maxConcurrency) && maxConcurrency! > 0;
  check(isCount, "maxConcurrency", maxConcurrency, "a whole number of 1 or more");
  const isInterval = Number.isInteger(Number(stacks)) && Number(stacks) >= 0;
  check(isInterval, "leaks.stacks", stacks, "a boolean or a whole number");
  const isPacing = pacing === "immediate" || pacing === "pumped";
  check(isPacing, "pacing", pacing, '"immediate" or "pumped"');
  if (idle === undefined || idle === "keep" || idle === "unload") return;
  check(
    isObject(idle) && !Array.isArray(idle),
    "idle",
    idle,
    '"unload", "keep" or an object with maxAge or maxEntries',
  );
  const { maxAge, maxEntries } = idle;
  check(isNumber(maxAge), "idle.maxAge", maxAge, "a number of milliseconds, 0 or more");
  const isWhole = isNumber(maxEntries) && maxEntries! % 1 === 0 || maxEntries === Infinity;
  check(isWhole, "idle.maxEntries", maxEntries, "a whole number of 0 or more");
}

/** Throws a `RangeError` unless `value` is a number of 0 or more. */
export function assertNumber(action: string, value: number, wanted: string): void {
  if (typeof value === "number" && value >= 0) return;
  throw new RangeError(`Cannot ${action}: it takes ${wanted}: received ${String(value)}`);
}
