import type { LeaseHolder } from "../leaks/leases.ts";
import type { Cache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** The references of one live entry. */
interface References {
  /** How many would stay after the parents that were visited so far are unloaded. */
  left: number;
  /** How many each holder has. */
  readonly byHolder: Map<LeaseHolder | undefined, number>;
}

/**
 * How many bytes unloading all idle resources would free: their own, and those of resources that only
 * they hold, directly or through others. O(idle resources, what they hold, and the handles of that).
 */
export function reclaimableBytes({ budget, entries }: Cache): number {
  const unloaded = [...budget.idle];
  const known = new Map<Entry, References>();
  let { bytes } = budget.idle;
  for (const parent of unloaded) { // It grows during the loop.
    for (const key of parent.dependencies) {
      const entry = entries.get(key);
      if (!entry || entry.count === 0) continue; // It is idle, so it is counted already.
      let references = known.get(entry);
      if (!references) known.set(entry, references = referencesOf(entry));
      const held = references.byHolder.get(parent.holder) ?? 0;
      references.left -= held;
      if (held === 0 || references.left > 0) continue;
      unloaded.push(entry);
      bytes += entry.bytes;
    }
  }
  return bytes;
}

function referencesOf({ count, leases }: Entry): References {
  const byHolder: References["byHolder"] = new Map();
  for (const { holder } of leases ?? []) byHolder.set(holder, (byHolder.get(holder) ?? 0) + 1);
  return { left: count, byHolder };
}
