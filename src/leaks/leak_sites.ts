import { lineOf, siteOf } from "../contract/call_site.ts";
import type { Leak } from "../contract/events.ts";
import type { LeakSite } from "../contract/stats.ts";

/** How many call sites are told apart. Further ones are counted as one that is not known. */
const MOST_SITES = 1000;
/** Of how many resources a site knows that they were counted. Further ones count each time. */
const MOST_KEYS = 1000;

/** The leaks of one call site; or of one scope, if their call site is not known. */
export class SiteLeaks {
  /** The first of them. */
  readonly first: Leak;
  count = 0;
  bytes = 0;
  /** How many of them the console was told of, and of how many resources. */
  told = 0;
  #toldKeys = 0;
  /** When the first of them was opened that is known of. */
  openedAt: number | undefined;
  /** Whether all belonged to scopes of one label, or to none. */
  #isOfOneScope = true;
  readonly #bytesByKey = new Map<string, number>();

  constructor(first: Leak) {
    this.first = first;
  }

  /** The keys of their resources, the largest first. */
  get keys(): string[] {
    return largestFirst([...this.#bytesByKey]);
  }

  /** The scope to which all of them belonged, if there is one. */
  get label(): string | undefined {
    return this.#isOfOneScope ? this.first.label : undefined;
  }

  add({ key, bytes = 0, label, openedAt }: Leak): void {
    this.count++;
    if (label !== this.first.label) this.#isOfOneScope = false;
    if (openedAt !== undefined) this.openedAt = Math.min(this.openedAt ?? Infinity, openedAt);
    const known = this.#bytesByKey.get(key) ?? 0;
    this.bytes += Math.max(0, bytes - known);
    if (this.#bytesByKey.size < MOST_KEYS || this.#bytesByKey.has(key)) {
      this.#bytesByKey.set(key, Math.max(known, bytes));
    }
  }

  /**
   * Whether the console should hear of it again: there are twice as many, or, where no call site says that
   * it is the same mistake, one of another resource.
   */
  get isNews(): boolean {
    return this.count >= 2 * this.told ||
      !this.first.stack && this.#bytesByKey.size > this.#toldKeys;
  }

  /** The console is told. Returns the keys, those first that it did not know. */
  tell(): string[] {
    const known = [...this.#bytesByKey];
    const fresh = known.splice(this.#toldKeys);
    this.told = this.count;
    this.#toldKeys = this.#bytesByKey.size;
    return [...largestFirst(fresh), ...largestFirst(known)];
  }

  /** Whether both had a handle of the same resource. O(resources). */
  shares(other: SiteLeaks): boolean {
    return this.#bytesByKey.keys().some((key) => other.#bytesByKey.has(key));
  }

  toJSON(): LeakSite {
    const { count, bytes, keys, label, openedAt, first: { stack } } = this;
    return {
      ...(stack && { site: siteOf(stack), stack }),
      ...(label !== undefined && { label }),
      ...(openedAt !== undefined && { openedAt }),
      count,
      bytes,
      keys,
    };
  }
}

function largestFirst(bytesByKey: [key: string, bytes: number][]): string[] {
  return bytesByKey.sort(([, a], [, b]) => b - a).map(([key]) => key);
}

/** Leaks by call site. O(1) for each leak, whatever there is. */
export class LeakSites {
  readonly #sites = new Map<string, SiteLeaks>();

  add(leak: Leak): SiteLeaks {
    const key = this.#keyOf(leak);
    let site = this.#sites.get(key);
    if (site === undefined) this.#sites.set(key, site = new SiteLeaks(leak));
    site.add(leak);
    return site;
  }

  /** All of them, the worst first. */
  list(): SiteLeaks[] {
    return [...this.#sites.values()].sort(byWeight);
  }

  /** If the call site of these is not known: the worst that is, of leaks of the same resources. O(sites). */
  alike(site: SiteLeaks): SiteLeaks | undefined {
    if (site.first.stack) return undefined;
    return this.list().find((other) => other.first.stack && site.shares(other));
  }

  #keyOf(leak: Leak): string {
    const key = keyOf(leak);
    return this.#sites.size < MOST_SITES || this.#sites.has(key) ? key : "";
  }
}

/** The most bytes first, then the most handles. */
export function byWeight(a: SiteLeaks, b: SiteLeaks): number {
  return b.bytes - a.bytes || b.count - a.count;
}

function keyOf({ stack = "", label = "" }: Leak): string {
  const line = lineOf(stack);
  return line === "" ? `of ${label}` : `at ${line}`;
}
