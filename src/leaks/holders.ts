import type { Holder } from "../contract/stats.ts";
import type { Leased, LeaseHolder } from "./leases.ts";

/** What references a resource. O(handles of scopes and dependents, and handles with a site). */
export function holdersOf({ handles, manual, leases }: Leased): Holder[] {
  const stacks: string[] = [];
  const rest: Holder = { handles, manual, stacks };
  const known = new Map<LeaseHolder, Holder & { stacks: string[] }>();
  for (const { holder, site } of leases ?? []) {
    if (!holder) {
      if (site !== undefined) stacks.push(site);
      continue;
    }
    let one = known.get(holder);
    if (!one) {
      one = { handles: 0, manual: 0, stacks: [] };
      if (holder.label !== "") one.label = holder.label;
      known.set(holder, one);
    }
    one.handles++;
    rest.handles--;
    if (site !== undefined) one.stacks.push(site);
  }
  return rest.handles + rest.manual > 0 ? [...known.values(), rest] : [...known.values()];
}
