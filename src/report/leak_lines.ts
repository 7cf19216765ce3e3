import { format as formatBytes } from "@std/fmt/bytes";
import { siteOf } from "../contract/call_site.ts";
import { plural } from "../contract/errors.ts";
import { listed, printable, quote } from "../contract/printable.ts";
import type { SiteNews } from "../leaks/leak_news.ts";
import { bold, dim, yellow } from "./colors.ts";

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

function describe({ site, leak, where, before }: SiteNews): string {
  if (site.count === 1) {
    const scope = leak.label ? ` of ${quote(leak.label)}` : "";
    const what = `${bold(quote(leak.key))} (${printable(leak.type)})${scope}`;
    return `${yellow("Leaked handle")}: ${what} was ${where}\n${hintOf(leak.stack)}`;
  }
  const { count, bytes, keys, label, first: { stack } } = site;
  const scope = label ? ` of ${quote(label)}` : "";
  const place = stack ? `${bold(siteOf(stack))} ` : "";
  const size = bytes > 0 ? `, ${formatBytes(bytes)}` : "";
  const title = `${yellow("Leaked handles")}: ${place}×${count}`;
  if (before > 0) return `${title} now${size}: ${listed(keys.map(quote))}${scope}`;
  return `${title}${size}: ${listed(keys.map(quote))}${scope} were ${where}\n${hintOf(stack)}`;
}

function hintOf(stack: string | undefined): string {
  return stack ?? dim("    set leaks.stacks to see where it was opened");
}
