import type { Leak } from "../contract/events.ts";
import { afterTask } from "./adoption.ts";
import { byWeight, type LeakSites, type SiteLeaks } from "./leak_sites.ts";

/** The leaks of one call site that were found together. */
export interface SiteNews {
  readonly site: SiteLeaks;
  /** The first of them. */
  readonly leak: Leak;
  /** How they were found. */
  readonly where: string;
  /** How many were reported of the site before; 0 if this is the first report of it. */
  readonly before: number;
  /** The keys of its resources, those first that were not reported. */
  readonly keys: readonly string[];
  /** If its call site is not known: one that is, of leaks of the same resources. */
  readonly alike?: SiteLeaks | undefined;
}

type Found = Pick<SiteNews, "site" | "leak" | "where">;

/** Prints what was found together, the worst first. */
export type LeakWarning = (news: readonly SiteNews[]) => void;

/**
 * Gathers what one task finds, so that many leaks of one call site are one report. A site is reported
 * again when it has twice as many leaks: a leak in each frame makes 20 reports in a night, not a million.
 * Leaks whose call site is not known are also reported when another resource is among them.
 */
export class LeakNews {
  readonly #sites: LeakSites;
  readonly #warn: LeakWarning;
  /** What this task has found. */
  readonly #found = new Map<SiteLeaks, Found>();
  /** The sites that have more leaks than were reported. */
  readonly #untold = new Map<SiteLeaks, Found>();

  constructor(sites: LeakSites, warn: LeakWarning) {
    this.#sites = sites;
    this.#warn = warn;
  }

  add(site: SiteLeaks, leak: Leak, where: string): void {
    if (this.#found.size === 0) afterTask(() => this.tell());
    if (!this.#found.has(site)) this.#found.set(site, { site, leak, where });
  }

  /** Reports what was found so far. */
  tell(): void {
    const due: SiteNews[] = [];
    for (const [site, found] of this.#found) {
      if (site.isNews) due.push(this.#due(found));
      else this.#untold.set(site, found);
    }
    this.#found.clear();
    this.#print(due);
  }

  /** Nothing more will be found: reports the last numbers too. */
  end(): void {
    const last = new Map([...this.#untold, ...this.#found]);
    this.#found.clear();
    this.#print([...last.values()].map((found) => this.#due(found)));
  }

  #due(found: Found): SiteNews {
    const { site } = found;
    const before = site.told;
    this.#untold.delete(site);
    return { ...found, before, keys: site.tell(), alike: this.#sites.alike(site) };
  }

  #print(news: SiteNews[]): void {
    if (news.length > 0) this.#warn(news.sort((a, b) => byWeight(a.site, b.site)));
  }
}
