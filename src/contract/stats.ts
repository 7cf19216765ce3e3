/**
 * The statistics of one resource: {@linkcode CacheStats.resources}.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager, type ResourceStats, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * const stats: ResourceStats | undefined = mgr.cacheStats().resources["hero.txt"];
 * assertEquals([stats?.state, stats?.handles, stats?.version], ["live", 1, 1]);
 * ```
 */
export interface ResourceStats {
  /** The name of the type that it was loaded as. */
  type: string;
  /** How many references it has: open handles and manual references together. */
  refCount: number;
  /** How many handles are open, including those of resources that depend on this one. */
  handles: number;
  /** Its size in bytes, as its loader says. */
  bytes: number;
  /** `"live"` while something references it, otherwise `"idle"`. */
  state: "live" | "idle";
  /** The version of the value: 1, and one more after each reload in place. */
  version: number;
  /** When it was last in use, in milliseconds since the epoch. For a live resource, that is now. */
  lastAccessed: number;
  /** The keys that its loader loaded. */
  dependencies: string[];
}

/**
 * A holder of references to a resource: a scope, a dependent resource, or all other code together.
 *
 * @example
 * ```ts
 * import { type Holder, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using scene = mgr.scope("title");
 * scene.load("hero.txt", Text);
 * const holders: Holder[] = mgr.holders("hero.txt");
 * assertEquals(holders, [{ label: "title", handles: 1, manual: 0, stacks: [] }]);
 * ```
 */
export interface Holder {
  /** The label of the scope, or the key of the dependent resource. Missing for all other code. */
  label?: string;
  /** How many handles it has open. */
  handles: number;
  /** How many references of `acquire` were not released by `release`. */
  manual: number;
  /** The call sites of its handles, one frame a line, if `leaks.stacks` captured them. */
  stacks: readonly string[];
  /** The handles by call site, the one with the most handles first. Missing if none was captured. */
  sites?: readonly HolderSite[];
}

/**
 * The handles that one line of code opened: {@linkcode Holder.sites}.
 *
 * @example
 * ```ts
 * import { type HolderSite, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const source = new MemorySource({ "enemy.txt": "@" });
 * using mgr = new ResourceManager({ source, leaks: { stacks: true } });
 * using scene = mgr.scope("title");
 * for (let i = 0; i < 3; i++) scene.load("enemy.txt", Text);
 * const [site]: readonly HolderSite[] = mgr.holders("enemy.txt")[0]!.sites!;
 * assertEquals(site!.count, 3);
 * assertMatch(site!.site, /:\d+$/); // the function, the file and the line
 * ```
 */
export interface HolderSite {
  /** The function, the file and the line: `spawnEnemies · make.ts:59`. */
  site: string;
  /** How many of the handles were opened there. */
  count: number;
  /** Where one of them was opened, one frame a line. */
  stack: string;
}

/**
 * The leaks of one call site: {@linkcode CacheStats.leakSites}. The call site is the line that called
 * `load`, with its function and file.
 *
 * @example
 * ```ts
 * import { type LeakSite, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * const source = new MemorySource({ "enemy.txt": "@" });
 * using mgr = new ResourceManager({ source, leaks: { stacks: true, onLeak() {} } });
 * for (let i = 0; i < 3; i++) mgr.load("enemy.txt", Text); // forgotten
 * mgr[Symbol.dispose]();
 * const [site]: readonly LeakSite[] = mgr.cacheStats().leakSites!;
 * assertEquals([site!.count, site!.bytes, site!.keys], [3, 1, ["enemy.txt"]]);
 * ```
 */
export interface LeakSite {
  /**
   * The function, the file and the line: `spawnEnemies · make.ts:59`. Missing if `leaks.stacks` has not
   * captured the call site: those leaks are grouped by their scope.
   */
  site?: string;
  /** Where the first of these handles was opened, one frame a line. */
  stack?: string;
  /** When that handle was opened, in milliseconds of `performance.now()`. */
  openedAt?: number;
  /** The label of the scope that they belonged to, if the call site is not known. */
  label?: string;
  /** How many handles leaked. */
  count: number;
  /**
   * The bytes that the leaked handles kept resident. Each resource counts once, with its largest size.
   * If two call sites leaked handles of it, both count it.
   */
  bytes: number;
  /** The keys of the resources, 1000 at most, in the order in which they were found. */
  keys: readonly string[];
}

/**
 * The work that waits for the next `pump`: {@linkcode CacheStats.queued}.
 *
 * @example
 * ```ts
 * import { MemorySource, type QueuedWork, ResourceManager } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource(), pacing: "pumped" });
 * using _a = mgr.add("a", {}, { byteLength: 8, unload() {} });
 * mgr.unload("a", { force: true });
 * const queued: QueuedWork | undefined = mgr.cacheStats().queued;
 * assertEquals(queued, { loads: 0, unloads: 1, bytes: 8 });
 * ```
 */
export interface QueuedWork {
  /** How many turns of loaders wait: the first ones, with the bytes that were read, and later ones. */
  loads: number;
  /** How many values wait to be unloaded. Callbacks that loaders added to their contexts count too. */
  unloads: number;
  /** Bytes of the values that wait to be unloaded. They no longer count as resident. */
  bytes: number;
}

/**
 * The statistics of a manager at one moment. They are plain data and do not change afterwards.
 *
 * @example
 * ```ts
 * import { type CacheStats, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * const stats: CacheStats = mgr.cacheStats();
 * assertEquals([stats.resourceCount, stats.bytes, stats.misses], [1, 1, 1]);
 * ```
 */
export interface CacheStats {
  /** How many resources are resident. */
  resourceCount: number;
  /** How many references all resident resources have together. */
  totalReferences: number;
  /** Bytes of live and idle resources. */
  bytes: number;
  /** How many resources are idle. */
  idleCount: number;
  /** Bytes of the idle resources. */
  idleBytes: number;
  /**
   * Bytes that `unloadUnused()` would free: those of idle resources, and of the resources that only they
   * hold.
   */
  reclaimableBytes: number;
  /** The budget in bytes, if there is one. */
  maxBytes: number | undefined;
  /** How many loads and gets found their resource resident. */
  hits: number;
  /** How many loads found their resource not resident. */
  misses: number;
  /** How many idle resources were unloaded for space. */
  evictions: number;
  /** How many handles leaked. */
  leaks: number;
  /** The leaks by call site, sorted by bytes and then by handles. Missing if nothing leaked. */
  leakSites?: readonly LeakSite[];
  /** The work that waits for the next `pump`. Only with `pacing: "pumped"`. */
  queued?: QueuedWork;
  /** Each resident resource by its key. It has no prototype, because `__proto__` is a valid key. */
  resources: Record<string, ResourceStats>;
}

/**
 * How a table of resources is drawn.
 *
 * @example
 * ```ts
 * import { formatStats, type FormatStatsOptions, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * const options: FormatStatsOptions = { sortBy: "age" };
 * using _hero = mgr.load("hero.txt", Text);
 * assertStringIncludes(formatStats(mgr.cacheStats(), options), "hero.txt");
 * ```
 */
export interface FormatStatsOptions {
  /**
   * The order of the rows: by bytes or references, the most first; by age, the longest idle first; or by
   * key.
   *
   * @default {"bytes"}
   */
  sortBy?: "bytes" | "references" | "age" | "key";
  /**
   * How many resources are shown. A last line says how many more there are.
   *
   * @default {Infinity}
   */
  maxRows?: number;
  /**
   * How many characters a line may have. Long names are cut in the middle to fit, but keep at least 12
   * characters.
   *
   * @default {The width of the terminal that the program prints to. Elsewhere nothing is cut.}
   */
  maxWidth?: number;
}
