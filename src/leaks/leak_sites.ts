import { lineOf, siteOf } from "../contract/call_site.ts";
import type { Leak } from "../contract/events.ts";
import type { LeakSite } from "../contract/stats.ts";

/** How many call sites are listed, and how many resources of each. Further sites count as one. */
const MOST = 1000;

/** The leaks of one call site, or of one scope if their call site is not known. */
export interface SiteLeaks {
  /** The leak that was found first. */
  readonly first: Leak;
  readonly site: Omit<LeakSite, "keys">;
  /** The most bytes of each resource. For resources beyond the limit, the bytes of each leak count. */
  readonly sizes: Map<string, number>;
  /** How those leaks were found that the console has not printed yet; `undefined` if it has printed all. */
  how?: string | undefined;
  /** How many leaks the console has printed. */
  reported: number;
  /** How many resources of these leaks it has printed. */
  keys: number;
}

/** Leaks by call site. O(1) for each leak. */
export class LeakSites {
  readonly #sites = new Map<string, SiteLeaks>();

  add(leak: Leak): SiteLeaks {
    const { key, bytes = 0 } = leak;
    const leaks = this.#of(leak);
    const { site, sizes } = leaks;
    const known = sizes.get(key) ?? 0;
    site.count++;
    if (bytes > known) site.bytes += bytes - known;
    if (sizes.size < MOST || sizes.has(key)) sizes.set(key, Math.max(known, bytes));
    return leaks;
  }

  /** All call sites, sorted by the most bytes and then by the most leaks. */
  sorted(): SiteLeaks[] {
    return [...this.#sites.values()].sort(({ site: a }, { site: b }) =>
      b.bytes - a.bytes || b.count - a.count
    );
  }

  /** The same, as data. */
  list(): LeakSite[] {
    return this.sorted().map(({ site, sizes }) => ({ ...site, keys: [...sizes.keys()] }));
  }

  #of(first: Leak): SiteLeaks {
    const { stack, label, openedAt } = first;
    const line = stack ? lineOf(stack) : `of ${label ?? ""}`;
    const key = this.#sites.size < MOST || this.#sites.has(line) ? line : "";
    let leaks = this.#sites.get(key);
    if (leaks) return leaks;
    const known = stack
      ? { site: siteOf(stack), stack, ...(openedAt !== undefined && { openedAt }) }
      : label && { label };
    const site = { ...known, count: 0, bytes: 0 };
    leaks = { first, site, sizes: new Map(), reported: 0, keys: 0 };
    this.#sites.set(key, leaks);
    return leaks;
  }
}
