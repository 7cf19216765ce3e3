import type { LeaseHolder } from "../leaks/leases.ts";
import type { Cache } from "./cache.ts";
import type { Entry } from "./entry.ts";

/** The references of one entry, while it is found out which of them would go. */
interface References {
  /** How many would stay. */
  left: number;
  /** How many each holder has. */
  readonly byHolder: Map<LeaseHolder | undefined, number>;
}

/**
 * How many bytes would be free if all that is idle were unloaded: idle resources, and what they alone
 * hold, directly or through others. O(idle resources, what they hold, and the handles of that).
 */
export function reclaimableBytes({ budget, entries }: Cache): number {
  const going = budget.idle.toArray();
  const known = new Map<Entry, References>();
  let { bytes } = budget.idle;
  for (const parent of going) { // Grows while it is gone through.
    for (const key of parent.dependencies) {
      const entry = entries.get(key);
      if (!entry || entry.count === 0) continue; // Idle itself, and counted.
      let references = known.get(entry);
      if (!references) known.set(entry, references = referencesOf(entry));
      const held = references.byHolder.get(parent.holder) ?? 0;
      references.left -= held;
      if (held === 0 || references.left > 0) continue;
      going.push(entry);
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
