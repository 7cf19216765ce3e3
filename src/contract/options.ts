import { AddedUnloader, type Content, type Unloader } from "../cache/entry.ts";
import { ResourceTypeError } from "./errors.ts";
import type { IdlePolicy } from "./idle_policy.ts";
import type { Clock } from "./clock.ts";
import type { LeakOptions } from "../leaks/reporter.ts";
import type { Loader, ResourceType } from "./loader.ts";
import { typeNameOf } from "../names/resource_type.ts";
import type { Source } from "./source.ts";
import { FileSource } from "../sources/file.ts";

/**
 * How a `ResourceManager` reads, keeps and reports.
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
export interface ResourceManagerOptions {
  /**
   * Where bytes come from. A string or a file URL is a directory.
   *
   * @default {"."}
   */
  source?: Source | string | URL;
  /** Loaders on top of those for text, JSON and bytes. */
  loaders?: Iterable<Loader<unknown>>;
  /** The budget in bytes for live and idle resources. Idle ones are evicted to keep it. */
  maxBytes?: number;
  /**
   * What happens to a resource when its last reference goes: it is unloaded at once, or kept until
   * space is needed, until `maxEntries` others are idle, or until it has been idle for `maxAge` ms.
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
  /** What is done about handles that nobody disposes. */
  leaks?: LeakOptions;
  /** Where the time comes from. */
  clock?: Clock;
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
   * Its size in bytes.
   *
   * @default {0}
   */
  byteLength?: number;
  /** Unloads it. By default it is disposed, if it can be. */
  unload?(value: T): void | Promise<void>;
}

/** What an added value is, and the type that it goes by. Throws if it is none, or has no size. */
export function addedContent<T>(
  key: string,
  value: T,
  options: AddOptions<T>,
): { content: Content; type: ResourceType<unknown> } {
  const { byteLength: bytes = 0 } = options;
  if (value === undefined) throw new ResourceTypeError(key, "a value", "undefined");
  if (!Number.isFinite(bytes) || bytes < 0) {
    throw new RangeError(
      `Cannot add "${key}": "byteLength" must be a finite number of bytes: received ${bytes}`,
    );
  }
  const unload = options.unload?.bind(options) as Unloader["unload"];
  const content = { value, bytes: Math.ceil(bytes), unloader: new AddedUnloader(unload) };
  return { content, type: typeOf(value) };
}

/** Its class, or anything with the name of what it is. */
function typeOf(value: unknown): ResourceType<unknown> {
  const type = (value as object | null)?.constructor;
  if (typeof type === "function" && value instanceof type) return type as ResourceType<unknown>;
  return { name: typeNameOf(value), prototype: Object.prototype };
}

/** The source that an option names: a directory, or the source itself. */
export function sourceOf(source: Source | string | URL): Source {
  if (typeof source === "string" || source instanceof URL) return new FileSource(source);
  if (typeof source === "object" && source !== null) return source;
  throw new TypeError(
    `Cannot create a ResourceManager: "source" must be a Source, a path or a file URL: received ${source}`,
  );
}

/** Throws a `RangeError` for a limit or a policy that is none. */
export function assertLimits(options: ResourceManagerOptions): void {
  const { maxBytes, idle, maxConcurrency } = options;
  const refuse = (name: string, wanted: string, value: unknown) => {
    const received = typeof value === "string" ? `"${value}"` : String(value);
    throw new RangeError(
      `Cannot create a ResourceManager: "${name}" must be ${wanted}: received ${received}`,
    );
  };
  if (maxBytes !== undefined && !(typeof maxBytes === "number" && maxBytes > 0)) {
    refuse("maxBytes", "a positive number of bytes", maxBytes);
  }
  if (maxConcurrency !== undefined && !(Number.isInteger(maxConcurrency) && maxConcurrency > 0)) {
    refuse("maxConcurrency", "a whole number of 1 or more", maxConcurrency);
  }
  if (idle === undefined || idle === "keep" || idle === "unload") return;
  if (typeof idle !== "object" || idle === null || Array.isArray(idle)) {
    refuse("idle", '"unload", "keep" or an object with maxAge or maxEntries', idle);
  }
  const { maxAge = 0, maxEntries = 0 } = idle;
  if (!(typeof maxAge === "number" && maxAge >= 0)) {
    refuse("idle.maxAge", "a number of milliseconds, 0 or more", maxAge);
  }
  if (!(Number.isInteger(maxEntries) && maxEntries >= 0) && maxEntries !== Infinity) {
    refuse("idle.maxEntries", "a whole number of 0 or more", maxEntries);
  }
}
