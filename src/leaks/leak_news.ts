import type { Leak } from "../contract/events.ts";
import { afterTask } from "./adoption.ts";
import { byWeight, type SiteLeaks } from "./leak_sites.ts";

/** The leaks of one call site that were found together. */
export interface SiteNews {
  readonly site: SiteLeaks;
  /** The first of them. */
  readonly leak: Leak;
  /** How they were found. */
  readonly where: string;
  /** How many were reported of the site before; 0 if this is the first report of it. */
  readonly before: number;
}

/** Prints what was found together, the worst first. */
export type LeakWarning = (news: readonly SiteNews[]) => void;

/**
 * Gathers what one task finds, so that many leaks of one call site are one report. A site is reported
 * again when it has twice as many leaks: a leak in each frame makes 20 reports in a night, not a million.
 */
export class LeakNews {
  readonly #warn: LeakWarning;
  /** What this task has found. */
  readonly #found = new Map<SiteLeaks, Omit<SiteNews, "before">>();
  /** The sites that have more leaks than were reported. */
  readonly #untold = new Map<SiteLeaks, Omit<SiteNews, "before">>();

  constructor(warn: LeakWarning) {
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
      if (site.count < 2 * site.told) this.#untold.set(site, found);
      else due.push(this.#due(found));
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

  #due(found: Omit<SiteNews, "before">): SiteNews {
    const { site } = found;
    const before = site.told;
    site.told = site.count;
    this.#untold.delete(site);
    return { ...found, before };
  }

  #print(news: SiteNews[]): void {
    if (news.length > 0) this.#warn(news.sort((a, b) => byWeight(a.site, b.site)));
  }
}
