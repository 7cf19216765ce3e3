import { printable, quote } from "../contract/printable.ts";
import type { SiteLeaks } from "../leaks/leak_sites.ts";
import { bold, dim, yellow } from "./colors.ts";
import { nameSite } from "./format_stats.ts";

/** At most this many call sites are printed at once. */
const MOST = 20;

/** Prints a warning for each call site with new leaks. */
export function warnOfLeaks(news: readonly SiteLeaks[]): void {
  for (const each of news.slice(0, MOST)) console.warn(describe(each));
  const more = news.length - MOST;
  if (more > 0) console.warn(`Leaks at ${more} more call sites: see cacheStats().leakSites`);
}

function describe({ first, site, sizes, reported, keys, how }: SiteLeaks): string {
  const { key, type, label } = first;
  const isOne = site.count === 1;
  const what = isOne
    ? `${bold(quote(key))} (${printable(type)})${label ? ` of ${quote(label)}` : ""} was`
    : nameSite({ ...site, keys: [...sizes.keys()].slice(keys) }, reported > 0);
  const title = `${yellow(`Leaked handle${isOne ? "" : "s"}`)}: ${what}`;
  if (reported > 0) return title;
  const frames = site.stack?.split("\n").map(printable).join("\n") ??
    dim(`    set leaks.stacks to see where ${isOne ? "it was" : "they were"} opened`);
  return `${title}${isOne ? "" : " were"} ${how}\n${frames}`;
}
