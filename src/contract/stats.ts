/**
 * One resource in a snapshot.
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
  /** Open handles and manual references together. */
  refCount: number;
  /** Open handles, those of resources that depend on this one included. */
  handles: number;
  /** Size in bytes, as its loader says. */
  bytes: number;
  /** `"live"` while something references it, else `"idle"`. */
  state: "live" | "idle";
  /** 1, then one more for each reload in place. */
  version: number;
  /** When it was last known to be in use, in milliseconds since the epoch. */
  lastAccessed: number;
  /** The keys that its loader loaded. */
  dependencies: string[];
}

/**
 * Who references a resource: one for each scope and each dependent resource, one for all the rest.
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
  /** The label of the scope, or the key of the resource that depends on it; none for the rest. */
  label?: string;
  /** Open handles. */
  handles: number;
  /** References that `acquire` took and `release` has not given back. */
  manual: number;
  /** Where the handles were opened, as far as `leaks.stacks` captured it. */
  stacks: readonly string[];
  /** The same by call site, the one with the most handles first. Only where there are some. */
  sites?: readonly HolderSite[];
}

/**
 * The handles that were opened by one line of code: {@linkcode Holder.sites}.
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
  /** Where one of them was opened, a frame a line. */
  stack: string;
}

/**
 * The leaks of one call site: {@linkcode CacheStats.leakSites}. The site is the line that called `load`,
 * and with it the function and the file.
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
   * The function, the file and the line: `spawnEnemies · make.ts:59`. Missing for those whose call site
   * `leaks.stacks` has not captured: they are counted by the scope that they belonged to.
   */
  site?: string;
  /** Where one of them was opened, the first that was found: a frame a line. */
  stack?: string;
  /** When that one was opened: milliseconds of `performance.now()`. */
  openedAt?: number;
  /** The label of the scope that they belonged to, if no call site is known. */
  label?: string;
  /** How many handles leaked. */
  count: number;
  /**
   * The bytes that they kept resident. A resource counts once, however many handles of this site it had,
   * with the most bytes that it had. Two sites that held it both count it.
   */
  bytes: number;
  /** The keys of the resources, as they were found: up to 1000. */
  keys: readonly string[];
}

/**
 * What waits for the next `pump`: {@linkcode CacheStats.queued}.
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
  /** How many turns of loaders wait: to begin, since their bytes are there, or to go on. */
  loads: number;
  /** How many values wait to be unloaded, and other callbacks of users. */
  unloads: number;
  /** Bytes of the values that wait to be unloaded. They are no longer among the resident ones. */
  bytes: number;
}

/**
 * A snapshot of a manager. It is plain data and does not change afterwards.
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
  /** The reference counts of all of them together. */
  totalReferences: number;
  /** Bytes of live and idle resources. */
  bytes: number;
  /** How many are idle. */
  idleCount: number;
  /** Bytes of the idle ones. */
  idleBytes: number;
  /** Bytes that `unloadUnused()` would free: of the idle ones, and of what they alone hold. */
  reclaimableBytes: number;
  /** The budget in bytes, if there is one. */
  maxBytes: number | undefined;
  /** Loads and gets that found their resource resident. */
  hits: number;
  /** Loads that had to read. */
  misses: number;
  /** Idle resources that were unloaded for space. */
  evictions: number;
  /** Handles that leaked. */
  leaks: number;
  /** The leaks by call site: those that kept the most bytes first, then the most handles. Only if there are any. */
  leakSites?: readonly LeakSite[];
  /** What waits for the next `pump`. Only with `pacing: "pumped"`. */
  queued?: QueuedWork;
  /** Each resident resource by its key. Has no prototype: `__proto__` is a key like any other. */
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
   * What comes first: the most bytes, the most references, the longest idle, or the keys in their
   * order.
   *
   * @default {"bytes"}
   */
  sortBy?: "bytes" | "references" | "age" | "key";
  /**
   * How many resources are shown. A last line says how many there are besides.
   *
   * @default {Infinity}
   */
  maxRows?: number;
  /**
   * How many characters a line may have. Long names are cut in the middle for that, but not to less
   * than 12.
   *
   * @default {The width of the terminal that the program prints to. Elsewhere nothing is cut.}
   */
  maxWidth?: number;
}
