import type { Holder, HolderSite } from "../contract/stats.ts";
import { recordScopes } from "./nursery.ts";
import { LeakSites } from "./leak_sites.ts";
import type { Leased, LeaseHolder } from "./leases.ts";

type MutableHolder = Holder & { stacks: string[] };

/** Groups the stacks of handles by call site, the one with the most handles first. O(stacks). */
export function sitesOf(stacks: readonly string[]): HolderSite[] {
  const sites = new LeakSites();
  for (const stack of stacks) if (stack) sites.add({ key: "", type: "", stack });
  return sites.list().map(({ site, count, stack }) => ({ site: site!, count, stack: stack! }));
}

/** Returns what references a resource now. O(handles of scopes and dependents, and those with a site). */
export function holdersNow(resource: Leased): Holder[] {
  recordScopes();
  return holdersOf(resource);
}

/** The same, for callers that have called {@linkcode recordScopes}. */
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
    if (site !== undefined) one.stacks.push(site.stack);
  }
  const holders: MutableHolder[] = [...known].sort(byKind).map(([, one]) => one);
  if (rest.handles + rest.manual > 0) holders.push(rest);
  for (const each of holders) if (each.stacks.length > 0) each.sites = sitesOf(each.stacks);
  return holders;
}

/** Scopes come before resources, in whichever order they were recorded. */
function byKind([a]: [LeaseHolder, unknown], [b]: [LeaseHolder, unknown]): number {
  return Number(a.isResource ?? false) - Number(b.isResource ?? false);
}
