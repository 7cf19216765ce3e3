import { format as formatBytes } from "@std/fmt/bytes";
import { plural } from "../contract/errors.ts";
import { listed, quote } from "../contract/printable.ts";
import type {
  CacheStats,
  FormatStatsOptions,
  Holder,
  LeakSite,
  QueuedWork,
  ResourceStats,
} from "../contract/stats.ts";
import { bold, dim, green } from "./colors.ts";
import { knownHolders } from "./stats.ts";
import { type Column, drawTable, joinParts } from "./table.ts";
import { terminalWidth } from "./terminal.ts";

/** How rows are sorted. Equal ones are sorted by their keys. */
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
 * Returns statistics as an aligned table with a row for each resource, the largest first: its key, type
 * and state, its reference count, its size, how long ago it was used, and its holders. The first line
 * has the totals, the last lines have the leaks by call site. In a terminal the rows are cut to its
 * width, unless `maxWidth` is given. Colours respect `NO_COLOR`. O(n log n) in the number of resources.
 *
 * @throws {TypeError} `sortBy` is not one of the orders.
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
  const { sortBy = "bytes", maxRows, maxWidth = terminalWidth() } = options;
  const order = Object.hasOwn(ORDERS, sortBy) ? ORDERS[sortBy] : undefined;
  if (!order) {
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
  const columns = [...IDENTITY, ...AMOUNTS, { title: "used" }, HOLDERS];
  return [
    summary(stats, maxWidth),
    ...drawTable(columns, rows, { maxRows, maxWidth }),
    ...leakLines(stats.leakSites),
  ].join("\n");
}

function paintState(state: string): string {
  return state.startsWith("live") ? green(state) : dim(state);
}

/** The first columns of each table of resources. */
export const IDENTITY: readonly Column[] = [
  { title: "key", long: true },
  { title: "type", long: true },
  { title: "state", paint: paintState },
];
/** The columns with numbers. */
export const AMOUNTS: readonly Column[] = [
  { title: "refs", numeric: true },
  { title: "size", numeric: true },
];
/** The column with the result of {@linkcode nameHolders}. */
export const HOLDERS: Column = { title: "held by", long: true };

/** At most this many call sites are named for a resource. */
const MOST_SITES = 3;
/** At most this many resources are named for a call site. */
const MOST_KEYS = 3;
/** At most this many call sites of leaks are listed below a table. */
const MOST_LEAKS = 8;

function times(what: string, count: number): string {
  return count === 1 ? what : `${what} ×${count}`;
}

/** One line for each call site that leaked. */
function leakLines(sites: readonly LeakSite[] = []): string[] {
  return sites.slice(0, MOST_LEAKS).map((site) => `leaked: ${nameSite(site)}`);
}

/** Names a call site, its leaks and their bytes. `isKnown` says that it was printed before. */
export function nameSite({ site, label, count, bytes, keys }: LeakSite, isKnown = false): string {
  const amount = `×${count}${isKnown ? " now" : ""}, ${formatBytes(bytes)}`;
  const what = keys.length > 0 ? `: ${listed(keys.map(quote), MOST_KEYS)}` : "";
  return `${site ? `${bold(site)} ` : ""}${amount}${what}${label ? ` of ${quote(label)}` : ""}`;
}

/** Names the holders of a resource in a few words. Empty if only their number is known. */
export function nameHolders(holders: readonly Holder[]): string {
  const named: string[] = [];
  let others = 0;
  let acquired = 0;
  for (const { label, handles, manual, sites = [] } of holders) {
    if (label === undefined) {
      const known = sites.slice(0, MOST_SITES);
      named.push(...known.map(({ site, count }) => times(site, count)));
      others += known.reduce((rest, { count }) => rest - count, handles);
      acquired += manual;
    } else named.push(times(label, handles));
  }
  if (named.length > 0 && others > 0) named.push(plural(others, "other"));
  if (acquired > 0) named.push(`${acquired} acquired`);
  return named.join(", ");
}

function summary(stats: CacheStats, maxWidth: number): string {
  const budget = stats.maxBytes === undefined ? "" : ` of ${formatBytes(stats.maxBytes)}`;
  const { idleBytes, reclaimableBytes } = stats;
  const more = reclaimableBytes > idleBytes
    ? `, ${formatBytes(reclaimableBytes)} with what they hold`
    : "";
  const resources = plural(stats.resourceCount, "resource");
  const parts = [
    resources,
    plural(stats.totalReferences, "reference"),
    `${formatBytes(stats.bytes)}${budget}`,
    `${stats.idleCount} idle (${formatBytes(idleBytes)}${more})`,
    plural(stats.hits, "hit"),
    stats.misses === 1 ? "1 miss" : `${stats.misses} misses`,
    plural(stats.evictions, "eviction"),
    plural(stats.leaks, "leak"),
    ...waiting(stats.queued),
  ];
  return bold(resources) + joinParts(parts, maxWidth).slice(resources.length);
}

const NONE: QueuedWork = { loads: 0, unloads: 0, bytes: 0 };

/** The part of a summary about work that waits for a pump, if any does. */
export function waiting({ loads, unloads, bytes }: QueuedWork = NONE): string[] {
  if (loads + unloads === 0) return [];
  return [`${plural(loads, "load")} and ${plural(unloads, "unload")} (${formatBytes(bytes)}) wait`];
}

/** How long ago something happened, in one unit: more precision would not help. */
function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds === 0) return "just now";
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200
    ? `${Math.floor(seconds / 60)} min ago`
    : `${Math.floor(seconds / 3600)} h ago`;
}
