import { siteOf } from "../contract/call_site.ts";
import { plural } from "../contract/errors.ts";
import { printable, quote } from "../contract/printable.ts";
import type { Leak } from "../contract/events.ts";
import type { SiteNews } from "../leaks/leak_news.ts";
import type { SiteLeaks } from "../leaks/leak_sites.ts";
import { bold, dim, yellow } from "./colors.ts";
import { nameSite } from "./format_stats.ts";

/** How many call sites one task tells the console of. */
const MOST = 20;

/** Prints leaks as warnings, one for each call site. */
export function warnOfLeaks(news: readonly SiteNews[]): void {
  for (const each of news.slice(0, MOST)) console.warn(describe(each));
  const rest = news.slice(MOST);
  if (rest.length === 0) return;
  const leaks = rest.reduce((sum, { site, before }) => sum + site.count - before, 0);
  console.warn(
    `${yellow("Leaked handles")}: ${leaks} more, of ${plural(rest.length, "call site")}: ` +
      "cacheStats().leakSites has them all",
  );
}

function describe({ site, leak, where, before, keys, alike }: SiteNews): string {
  const frames = framesOf(site.first) ?? dim(`    ${hintOf(site.count, alike)}`);
  if (site.count === 1) {
    const scope = leak.label ? ` of ${quote(leak.label)}` : "";
    const what = `${bold(quote(leak.key))} (${printable(leak.type)})${scope}`;
    return `${yellow("Leaked handle")}: ${what} was ${where}\n${frames}`;
  }
  const title = `${yellow("Leaked handles")}: ${nameSite({ ...site.toJSON(), keys }, before > 0)}`;
  return before > 0 ? title : `${title} were ${where}\n${frames}`;
}

function framesOf({ stack }: Leak): string | undefined {
  return stack?.split("\n").map(printable).join("\n") || undefined;
}

/** What helps where no call site was captured. */
function hintOf(count: number, alike: SiteLeaks | undefined): string {
  if (alike?.first.stack) return `others of the same were opened at ${siteOf(alike.first.stack)}`;
  return `set leaks.stacks to see where ${count === 1 ? "it was" : "they were"} opened`;
}
