import { afterTask } from "./adoption.ts";
import type { LeakSites, SiteLeaks } from "./leak_sites.ts";

/** Prints leaks that were found together, the worst call site first. */
export type LeakWarning = (news: readonly SiteLeaks[]) => void;

/**
 * Gathers the leaks that one task finds, so that many leaks of one call site are one report. A call
 * site is reported again when it has twice as many leaks: a leak in each frame makes 20 reports in a
 * night, not a million. Leaks without a call site are also reported when another resource is among
 * them.
 */
export class LeakNews {
  readonly #sites: LeakSites;
  readonly #warn: LeakWarning;
  #isDue = false;

  constructor(sites: LeakSites, warn: LeakWarning) {
    this.#sites = sites;
    this.#warn = warn;
  }

  add(leaks: SiteLeaks, how: string): void {
    leaks.how ??= how;
    if (this.#isDue) return;
    this.#isDue = true;
    afterTask(() => this.report());
  }

  /** Reports what was found so far. At the end, it reports all remaining numbers. O(call sites). */
  report(isEnd = false): void {
    this.#isDue = false;
    const news = this.#sites.sorted().filter((each) => each.how && (isEnd || isNews(each)));
    if (news.length > 0) this.#warn(news);
    for (const leaks of news) {
      leaks.how = undefined;
      leaks.reported = leaks.site.count;
      leaks.keys = leaks.sizes.size;
    }
  }
}

function isNews({ site, sizes, reported, keys }: SiteLeaks): boolean {
  return site.count >= 2 * reported || !site.stack && sizes.size > keys;
}
