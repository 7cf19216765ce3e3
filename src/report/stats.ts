import { plural } from "../contract/_plural.ts";
import { drawTable } from "./table.ts";
import { format as formatBytes } from "@std/fmt/bytes";
import { bold, dim, green } from "./colors.ts";

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
}

/** Says in a sentence who references a resource. */
export function describeHolders(holders: readonly Holder[]): string {
  const parts = holders.flatMap(({ label, handles, manual, stacks }) => [
    ...(handles > 0 ? [plural(handles, "handle") + (label ? ` of "${label}"` : "")] : []),
    ...(manual > 0 ? [`${plural(manual, "acquire")} not released`] : []),
    ...stacks.map((stack) => `opened ${stack.split("\n")[0]!.trim()}`),
  ]);
  return `it is held by ${parts.join(", ")}`;
}

/**
 * Who holds the resources of a snapshot, where that is more than a number. Beside the snapshot, so
 * that this stays plain data.
 */
const holdersOf = new WeakMap<ResourceStats, readonly Holder[]>();

/** Notes who holds a resource of a snapshot. */
export function noteHolders(stats: ResourceStats, holders: readonly Holder[]): void {
  holdersOf.set(stats, holders);
}

/** Who holds a resource of a snapshot, as far as that is known. */
function knownHolders(stats: ResourceStats): readonly Holder[] {
  const known = holdersOf.get(stats);
  if (known !== undefined || stats.refCount === 0) return known ?? [];
  return [{ handles: stats.handles, manual: stats.refCount - stats.handles, stacks: [] }];
}

/**
 * What `JSON.stringify` makes of a snapshot.
 *
 * @example
 * ```ts
 * import { type CacheStatsJson, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "hero.txt": "@" }) });
 * using _hero = mgr.load("hero.txt", Text);
 * const stats: CacheStatsJson = JSON.parse(JSON.stringify(mgr.cacheStats()));
 * assertEquals(stats.resources["hero.txt"]?.holders[0]?.handles, 1);
 * ```
 */
export interface CacheStatsJson extends Omit<CacheStats, "resources" | "toJSON"> {
  /** Each resident resource by its key, with its holders. */
  resources: Record<string, ResourceStats & { holders: readonly Holder[] }>;
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
  /** Each resident resource by its key. Has no prototype: `__proto__` is a key like any other. */
  resources: Record<string, ResourceStats>;
  /** The same with the holders of each resource. Not enumerable; `JSON.stringify` calls it. */
  toJSON?(): CacheStatsJson;
}

/** Makes a snapshot know its holders as JSON too. */
export function withJson(stats: CacheStats): CacheStats {
  const toJSON = (): CacheStatsJson => {
    const resources: CacheStatsJson["resources"] = Object.create(null);
    for (const [key, each] of Object.entries(stats.resources)) {
      resources[key] = { ...each, holders: knownHolders(each) };
    }
    return { ...stats, resources };
  };
  return Object.defineProperty(stats, "toJSON", { value: toJSON });
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
}

/** What sorts rows, the first one first. Equal ones go by their keys. */
const ORDERS: Record<
  NonNullable<FormatStatsOptions["sortBy"]>,
  (a: ResourceStats, b: ResourceStats) => number
> = {
  bytes: (a, b) => b.bytes - a.bytes,
  references: (a, b) => b.refCount - a.refCount,
  age: (a, b) => a.lastAccessed - b.lastAccessed,
  key: () => 0,
};

/**
 * Draws a snapshot as an aligned table, the largest resource first: its type and state, how many
 * references it has and who holds those, its size, and how long ago it was used. The first line has
 * the totals. Colours respect `NO_COLOR`. O(n log n) in the number of resident resources.
 *
 * @throws {TypeError} There is no such `sortBy`.
 *
 * @example
 * ```ts
 * import { formatStats, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * using scene = mgr.scope("title");
 * scene.load("intro.txt", Text);
 * const table = formatStats(mgr.cacheStats());
 * assertStringIncludes(table, "intro.txt");
 * assertStringIncludes(table, "title");
 * ```
 */
export function formatStats(stats: CacheStats, options: FormatStatsOptions = {}): string {
  const { sortBy = "bytes" } = options;
  const order = Object.hasOwn(ORDERS, sortBy) ? ORDERS[sortBy] : undefined;
  if (order === undefined) {
    const known = Object.keys(ORDERS).map((name) => `"${name}"`).join(", ");
    throw new TypeError(`Cannot sort by "${sortBy}": no such order, use one of ${known}`);
  }
  const now = Date.now();
  const rows = Object.entries(stats.resources)
    .sort(([a, x], [b, y]) => order(x, y) || (a < b ? -1 : 1))
    .map(([key, resource]) => [
      key,
      resource.type,
      resource.state,
      String(resource.refCount),
      formatBytes(resource.bytes),
      resource.state === "live" ? "now" : age(now - resource.lastAccessed),
      nameHolders(knownHolders(resource)),
    ]);
  return [summary(stats), ...drawTable(COLUMNS, rows)].join("\n");
}

/** Live ones stand out. */
export function paintState(state: string): string {
  return state.startsWith("live") ? green(state) : dim(state);
}

const COLUMNS = [
  { title: "key" },
  { title: "type" },
  { title: "state", paint: paintState },
  { title: "refs", numeric: true },
  { title: "size", numeric: true },
  { title: "used" },
  { title: "held by" },
];

/** Names the holders of a resource in a few words; nothing if there is nothing but a number to say. */
export function nameHolders(holders: readonly Holder[]): string {
  const named = holders.filter(({ label }) => label !== undefined).map(({ label, handles }) =>
    handles === 1 ? label! : `${label} ×${handles}`
  );
  const others = holders.filter(({ label }) => label === undefined);
  const handles = others.reduce((sum, each) => sum + each.handles, 0);
  const manual = others.reduce((sum, each) => sum + each.manual, 0);
  if (named.length > 0 && handles > 0) named.push(plural(handles, "other"));
  if (manual > 0) named.push(`${manual} acquired`);
  return named.join(", ");
}

function summary(stats: CacheStats): string {
  const budget = stats.maxBytes === undefined ? "" : ` of ${formatBytes(stats.maxBytes)}`;
  return [
    bold(plural(stats.resourceCount, "resource")),
    plural(stats.totalReferences, "reference"),
    `${formatBytes(stats.bytes)}${budget}`,
    `${stats.idleCount} idle (${formatBytes(stats.idleBytes)})`,
    plural(stats.hits, "hit"),
    stats.misses === 1 ? "1 miss" : `${stats.misses} misses`,
    plural(stats.evictions, "eviction"),
    plural(stats.leaks, "leak"),
  ].join(" · ");
}

/** One unit: nobody decides by the second what to unload after an hour. */
function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds === 0) return "just now";
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200
    ? `${Math.floor(seconds / 60)} min ago`
    : `${Math.floor(seconds / 3600)} h ago`;
}
