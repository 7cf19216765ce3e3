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
 * the totals, the last ones the leaks by call site. In a terminal, the rows are as long as that is wide,
 * unless `maxWidth` says otherwise. Colours respect `NO_COLOR`. O(n log n) in the number of resident
 * resources.
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

/** Live ones stand out. */
function paintState(state: string): string {
  return state.startsWith("live") ? green(state) : dim(state);
}

/** What tables of resources begin with, */
export const IDENTITY: readonly Column[] = [
  { title: "key", long: true },
  { title: "type", long: true },
  { title: "state", paint: paintState },
];
/** what comes in numbers, */
export const AMOUNTS: readonly Column[] = [
  { title: "refs", numeric: true },
  { title: "size", numeric: true },
];
/** and what {@linkcode nameHolders} gives. */
export const HOLDERS: Column = { title: "held by", long: true };

/** How many call sites of a resource a table names. */
const MOST_SITES = 3;
/** How many resources of a call site a line names. */
const MOST_KEYS = 3;
/** How many call sites of leaks a table has below it. */
const MOST_LEAKS = 8;

function times(what: string, count: number): string {
  return count === 1 ? what : `${what} ×${count}`;
}

/** The leaks by call site, in a line each. */
function leakLines(sites: readonly LeakSite[] = []): string[] {
  return sites.slice(0, MOST_LEAKS).map((site) => `leaked: ${nameSite(site)}`);
}

/** The call site of leaks, how many they are, and the bytes that they kept; `isKnown` if it was told before. */
export function nameSite({ site, label, count, bytes, keys }: LeakSite, isKnown = false): string {
  const amount = `×${count}${isKnown ? " now" : ""}, ${formatBytes(bytes)}`;
  const what = keys.length > 0 ? `: ${listed(keys.map(quote), MOST_KEYS)}` : "";
  return `${site ? `${bold(site)} ` : ""}${amount}${what}${label ? ` of ${quote(label)}` : ""}`;
}

/** Names the holders of a resource in a few words; nothing if there is nothing but a number to say. */
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

/** What waits for a pump, if anything does. */
export function waiting({ loads, unloads, bytes }: QueuedWork = NONE): string[] {
  if (loads + unloads === 0) return [];
  return [`${plural(loads, "load")} and ${plural(unloads, "unload")} (${formatBytes(bytes)}) wait`];
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
