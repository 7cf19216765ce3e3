import type { Holder } from "../contract/stats.ts";
import type { Leased, LeaseHolder } from "./leases.ts";

type MutableHolder = Holder & { stacks: string[] };

/** What references a resource. O(handles of scopes and dependents, and handles with a site). */
export function holdersOf({ handles, manual, leases }: Leased): Holder[] {
  const rest: MutableHolder = { handles, manual, stacks: [] };
  const known = new Map<LeaseHolder, MutableHolder>();
  for (const { holder, site } of leases ?? []) {
    let one = holder ? known.get(holder) : rest;
    if (!one) {
      one = { handles: 0, manual: 0, stacks: [] };
      if (holder!.label !== "") one.label = holder!.label;
      known.set(holder!, one);
    }
    one.handles++;
    rest.handles--;
    if (site !== undefined) one.stacks.push(site);
  }
  return rest.handles + rest.manual > 0 ? [...known.values(), rest] : [...known.values()];
}
