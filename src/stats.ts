import { plural } from "./_plural.ts";
import { format as formatBytes } from "@std/fmt/bytes";
import { bold, dim, green } from "@std/fmt/colors";

/** One resource in a snapshot. */
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

/** Who references a resource: one for each scope and each dependent resource, one for all the rest. */
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

/** A snapshot of a manager. It is plain data and does not change afterwards. */
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
}

/**
 * Draws a snapshot as an aligned table, the largest resource first. Colours respect `NO_COLOR`.
 * O(n log n) in the number of resident resources.
 *
 * @example
 * ```ts
 * import { formatStats, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new MemorySource({ "intro.txt": "Hello" }) });
 * using intro = mgr.load("intro.txt", Text);
 * assertStringIncludes(formatStats(mgr.cacheStats()), "intro.txt");
 * ```
 */
export function formatStats(stats: CacheStats): string {
  const now = Date.now();
  const rows = Object.entries(stats.resources)
    .sort(([a, x], [b, y]) => y.bytes - x.bytes || (a < b ? -1 : 1))
    .map(([key, resource]) => [
      key,
      resource.type,
      resource.state,
      String(resource.refCount),
      formatBytes(resource.bytes),
      resource.state === "live" ? "now" : age(now - resource.lastAccessed),
    ]);
  return [summary(stats), ...table(["key", "type", "state", "refs", "size", "used"], rows)].join(
    "\n",
  );
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

/** Pads before it colours: an ANSI code has no width. */
function table(header: string[], rows: string[][]): string[] {
  const widths = header.map((name, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]!.length), name.length)
  );
  const numeric = new Set([3, 4]);
  const pad = (row: string[]) =>
    row.map((cell, column) =>
      numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
    );
  const paint = (row: string[]) => {
    const state = row[2]!;
    row[2] = state.startsWith("live") ? green(state) : dim(state);
    return row.join("  ").trimEnd();
  };
  return [dim(pad(header).join("  ").trimEnd()), ...rows.map((row) => paint(pad(row)))];
}
