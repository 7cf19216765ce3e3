import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { reclaimableBytes } from "../cache/reclaimable.ts";
import { plural } from "../contract/errors.ts";
import { cannot, quote } from "../contract/printable.ts";
import type { CacheStats, Holder, ResourceStats } from "../contract/stats.ts";
import { holdersNow, holdersOf } from "../leaks/holders.ts";
import { recordScopes } from "../leaks/nursery.ts";

/** Returns statistics: all counters, and an object for each resident resource. */
export function statsOf(cache: Cache): CacheStats {
  recordScopes();
  const { work } = cache.unloading;
  const { idle, bytes, maxBytes } = cache.budget;
  const leakSites = cache.leaks.sites.list();
  const resources: Record<string, ResourceStats> = Object.create(null);
  let totalReferences = 0;
  for (const entry of cache.entries) {
    totalReferences += entry.count;
    resources[entry.key] = resourceStats(entry, cache.budget.lastAccessed(entry));
  }
  return {
    resourceCount: cache.entries.size,
    totalReferences,
    bytes,
    idleCount: idle.count,
    idleBytes: idle.bytes,
    reclaimableBytes: reclaimableBytes(cache),
    maxBytes,
    ...cache.counts,
    ...(leakSites.length > 0 && { leakSites }),
    ...(work && { queued: work.queued }),
    resources,
  };
}

/** Returns what `console.log` shows of a manager. */
export function summaryOf({ entries, budget, disposed, counts, unloading }: Cache): object {
  const { work } = unloading;
  const { bytes, maxBytes, idle } = budget;
  const state = disposed ? { disposed } : {
    resources: entries.size,
    live: entries.size - idle.count,
    idle: idle.count,
    bytes,
    idleBytes: idle.bytes,
    ...(maxBytes !== undefined && { maxBytes }),
    ...(work && { queued: work.queued }),
  };
  return { ...state, ...counts };
}

function resourceStats(entry: Entry, lastAccessed: number): ResourceStats {
  const stats: ResourceStats = {
    type: entry.typeName,
    refCount: entry.count,
    handles: entry.handles,
    bytes: entry.bytes,
    state: entry.count > 0 ? "live" : "idle",
    version: entry.version,
    lastAccessed,
    dependencies: [...entry.dependencies],
  };
  if (entry.leases) holdersIn.set(stats, holdersOf(entry));
  return stats;
}

/** Raises a warning that a resource can't be unloaded, with its holders. */
export function warnOfHolders(entry: Entry): void {
  const { key, cache } = entry;
  cache.events.warn(cannot("unload", key, describeHolders(holdersNow(entry))), key);
}

/** Names the holders of a resource in a sentence. */
function describeHolders(holders: readonly Holder[]): string {
  const parts = holders.flatMap(({ label, handles, manual, sites = [] }) => [
    handles > 0 && plural(handles, "handle") + (label ? ` of ${quote(label)}` : ""),
    manual > 0 && `${plural(manual, "acquire")} not released`,
    ...sites.map(({ site, count }) => `opened at ${site}${count > 1 ? ` ×${count}` : ""}`),
  ]);
  return `it is held by ${parts.filter(Boolean).join(", ")}`;
}

/**
 * The holders of resources, if more than their number is known. They are not in the statistics, so that
 * these stay plain data.
 */
const holdersIn = new WeakMap<ResourceStats, readonly Holder[]>();

/** Returns the holders of a resource, as far as they are known. */
export function knownHolders(stats: ResourceStats): readonly Holder[] {
  const known = holdersIn.get(stats);
  if (known || stats.refCount === 0) return known ?? [];
  return [{ handles: stats.handles, manual: stats.refCount - stats.handles, stacks: [] }];
}
