import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { type CacheStats, noteHolders, type ResourceStats, withJson } from "./stats.ts";

/** A snapshot of everything that is resident, and of all counters. */
export function statsOf(cache: Cache): CacheStats {
  const { idle, bytes, maxBytes } = cache.budget;
  const { hits, misses, evictions } = cache;
  const resources: Record<string, ResourceStats> = Object.create(null);
  let totalReferences = 0;
  for (const entry of cache.entries) {
    totalReferences += entry.refs;
    resources[entry.key] = resourceStats(entry, cache.budget.lastAccessed(entry));
  }
  return withJson({
    resourceCount: cache.entries.size,
    totalReferences,
    bytes,
    idleCount: idle.count,
    idleBytes: idle.bytes,
    maxBytes,
    hits,
    misses,
    evictions,
    leaks: cache.leakCount,
    resources,
  });
}

function resourceStats(entry: Entry, lastAccessed: number): ResourceStats {
  const stats: ResourceStats = {
    type: entry.typeName,
    refCount: entry.refs,
    handles: entry.handles,
    bytes: entry.bytes,
    state: entry.refs > 0 ? "live" : "idle",
    version: entry.version,
    lastAccessed,
    dependencies: [...entry.dependencies],
  };
  if (entry.knowsHolders) noteHolders(stats, entry.holders());
  return stats;
}
