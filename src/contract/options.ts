import type { Clock } from "./clock.ts";
import type { Leak } from "./events.ts";
import { isObject } from "./is_object.ts";
import type { Manifest } from "./manifest.ts";
import type { Loaders } from "./named.ts";
import { quote } from "./printable.ts";
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
   * Loaders in addition to those for text, JSON and bytes. If you write them here as an array, names get
   * types: `mgr.load("hero.png")` returns a handle to what the loader of `".png"` makes.
   *
   * @default {[]}
   */
  loaders?: L;
  /**
   * The files of the source, as `@holdfast/resources/manifest` lists them. The compiler checks names
   * against it, and editors complete them. Pass it to an `HttpSource` too.
   *
   * @default {undefined} Names are not checked.
   */
  manifest?: Manifest<K>;
  /**
   * The budget in bytes, for live and idle resources together. With a budget, resources without
   * references stay in memory unless `idle` says otherwise; without one, they are unloaded at once. To
   * stay within the budget, the manager evicts the resource that has been idle longest, and then, if
   * that is not enough, the resources that only this one held. A resource of 0 bytes that holds no other
   * resource is not evicted.
   *
   * @default {undefined} There is no budget.
   */
  maxBytes?: number;
  /**
   * What happens to a resource when its last reference is released: it is unloaded at once, or kept
   * until space is needed, until `maxEntries` others are idle, or until it has been idle for
   * `maxAge` ms.
   *
   * `"keep"` without `maxBytes` has no limit: nothing is unloaded until you call `unloadUnused`, `trim`
   * or `clear`. Set `maxBytes` too, unless the whole game fits into memory.
   *
   * @default {"keep"} with `maxBytes`, otherwise `"unload"`
   */
  idle?: IdlePolicy;
  /**
   * How many reads of `loadAsync` may be under way at once.
   *
   * @default {16}
   */
  maxConcurrency?: number;
  /**
   * When to run callbacks that may delay a frame: the loaders of `loadAsync` once their bytes are read,
   * and unloading. With `"pumped"` they wait for `ResourceManager.pump`, which a game calls once a
   * frame. Counts, sizes and events change at once in both cases.
   *
   * @default {"immediate"}
   */
  pacing?: Pacing;
  /**
   * How handles that are never disposed are found and reported.
   *
   * @default {undefined} The defaults of {@linkcode LeakOptions}.
   */
  leaks?: LeakOptions;
  /**
   * The clock for expiry, time stamps and the limit of `pump`.
   *
   * @default {The clock of the system}
   */
  clock?: Clock;
}

/**
 * What happens to a resource that nothing references any more: it is unloaded at once, or kept. An
 * object keeps it within limits: `maxAge` is how long it may be idle, in milliseconds, and `maxEntries`
 * how many may be idle at once. A missing limit does not apply. `maxBytes` applies in addition, and is
 * the only limit of `"keep"`: without it, `"keep"` keeps everything that was ever loaded.
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
 * When to run callbacks that may delay a frame: at once, or in `ResourceManager.pump`.
 *
 * @example
 * ```ts
 * import { MemorySource, type Pacing, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const pacing: Pacing = "pumped";
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }), pacing });
 * mgr.load("hero.txt")[Symbol.dispose]();
 * assertEquals(mgr.cacheStats().queued?.unloads, 0); // a string needs no unloading
 * assertEquals(mgr.pump({ maxMs: 4 }), 0);
 * ```
 */
export type Pacing = "immediate" | "pumped";

/**
 * How much work `ResourceManager.pump` does.
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
   * How long `pump` may start new work, in milliseconds.
   *
   * @default {4}
   */
  maxMs?: number;
  /**
   * How many bytes `pump` may start to upload: the sum of the `uploadBytes` of the loaders' turns. If
   * there is time, it starts one upload, however large that is. The others wait for the next pump; work
   * that is not an upload does not wait for them.
   *
   * @default {Infinity}
   */
  maxUploadBytes?: number;
}

/**
 * How handles that are never disposed are found and reported.
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
   * Whether to detect handles that are never disposed.
   *
   * @default {true}
   */
  detect?: boolean;
  /**
   * Whether to capture the call site of each handle. A number `n` captures that of the first handle of
   * each name, and of one in `n` others. Each capture costs 25 to 50 µs, and every load takes a slower
   * path: a load from memory costs two to three times as much. `false` captures none.
   *
   * By default, call sites are captured only after a leak: when a handle leaks without a call site, the
   * manager captures that of the next handle of its resource. So the second report of a mistake usually
   * says where it is, and a program without leaks pays nothing.
   *
   * @default {Only after a leak; `true` with `strict`}
   */
  stacks?: boolean | number;
  /**
   * Also reports a handle that was not adopted before the task that opened it ended. `using`,
   * `DisposableStack.use`, a scope and `keep` adopt a handle. It stays open and can still be disposed.
   * Captures call sites unless `stacks` says otherwise, and every load takes a slower path: use it in
   * development.
   *
   * @default {false}
   */
  strict?: boolean;
  /**
   * Called for each leak. An error that it throws goes to the `error` event.
   *
   * @default {undefined} Without a listener to `leak` either, `console.warn` reports the leaks of each
   * call site together, and again when there are twice as many.
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
   * How long to wait after the last change before resources are reloaded, in milliseconds. Until
   * then, a file may be half written, and more files may change.
   *
   * @default {50}
   */
  debounce?: number;
}

/**
 * The size of a value for `ResourceManager.add`, and how it is unloaded.
 *
 * @example
 * ```ts
 * import { type AddOptions, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const freed: string[] = [];
 * const options: AddOptions<string> = { byteLength: 4096, unload: (value) => void freed.push(value) };
 * using mgr = new ResourceManager();
 * {
 *   using _noise = mgr.add("noise", "made here", options);
 *   assertEquals(mgr.bytes, 4096);
 * }
 * assertEquals(freed, ["made here"]);
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
   * Whether the value may replace a live one. Handles then see it, as after a reload, and resources
   * that were made from the old value are reloaded. The old value is unloaded afterwards.
   *
   * @default {false}
   */
  replace?: boolean;
  /**
   * Unloads the value.
   *
   * @default {A value with `[Symbol.dispose]` or `[Symbol.asyncDispose]` is disposed.}
   */
  unload?(value: T): void | Promise<void>;
}

/** Throws a `RangeError` for an invalid limit or policy. */
export function assertLimits(
  options: ResourceManagerOptions,
  action: string = "create a ResourceManager",
): void {
  const { maxBytes, idle, maxConcurrency, pacing, leaks: { stacks } = {} } = options;
  const check = (isRight: boolean, name: string, value: unknown, wanted: string) => {
    if (isRight || value === undefined) return;
    throw new RangeError(
      `Cannot ${action}: "${name}" must be ${wanted}: received ${quote(value)}`,
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
  throw new RangeError(`Cannot ${action}: it takes ${wanted}: received ${quote(value)}`);
}
