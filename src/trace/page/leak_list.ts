/// <reference lib="dom" />
import { fillPaged, make } from "./dom.ts";
import { type Site, sitesOf } from "./leak_sites.ts";
import type { Leak } from "./row.ts";
import { scopeOf } from "./selection.ts";
import {
  commonDirectory,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  plural,
  visible,
} from "./text.ts";
import type { View } from "./view.ts";

/** The leaks of all rows that pass the filter, grouped by the place that opened their handles. */
export function aboutLeaks(view: View): Node[] {
  const leaks = view.model.openings;
  if (leaks.length === 0) {
    return [make("h2", "", "No leaks"), make("p", "muted", "No handle was lost in this trace.")];
  }
  const rows = new Set(view.rows);
  const shown = leaks.filter(({ row }) => rows.has(row));
  const count = shown.length === leaks.length
    ? plural(leaks.length, "leak")
    : `${formatCount(shown.length)} of ${plural(leaks.length, "leak")}`;
  const sites = sitesOf(shown);
  const next = make("button", "", "Next ", make("kbd", "", "L"));
  next.addEventListener("click", () => view.stepLeak(1));
  const head = make("h2", "leak", `${count}, ${plural(sites.length, "call site")}`);
  return [make("div", "head", head, next), siteList(view, shown, { key: true })];
}

/**
 * A list of the places that opened leaked handles. `key` says whether each leak names its resource.
 */
export function siteList(view: View, leaks: readonly Leak[], { key }: { key: boolean }): Node {
  const directory = commonDirectory(view.model.sites.map(({ stack }) => stack));
  const list = make("ul", "sites");
  const line = (site: Site) => make("li", "", siteItem(view, site, { key, directory }));
  const all = fillPaged(list, sitesOf(leaks), line);
  if (directory === "") return all;
  const where = make("p", "muted where", `below ${visible(directory)}`);
  return make("div", "", where, all);
}

function siteItem(
  view: View,
  site: Site,
  { key, directory }: { key: boolean; directory: string },
): Node {
  const size = `×${formatCount(site.leaks.length)}`;
  const summary = make(
    "summary",
    "",
    make("strong", "", site.name),
    make("span", "count", size),
    make("span", "muted", formatBytes(site.bytes)),
  );
  summary.ariaLabel = `${site.name}: ${plural(site.leaks.length, "leak")}, ${
    formatBytes(site.bytes)
  }`;
  const item = make("details", "", summary);
  const { opened } = view.side;
  const id = `${key} ${site.name}`;
  const fill = () => {
    if (item.childElementCount > 1) return;
    const list = make("ul", "leaks");
    const leaks = fillPaged(list, site.leaks, (leak) => leakLine(view, leak, key));
    item.append(stackOf(site, directory), leaks);
  };
  item.open = !key || opened.has(id) || site.leaks.includes(view.leak!);
  if (item.open) fill();
  item.addEventListener("toggle", () => {
    if (item.open) opened.add(id);
    else opened.delete(id);
    fill();
  });
  return item;
}

function stackOf({ stack }: Site, directory: string): Node {
  if (stack === undefined) {
    return make("p", "muted", "Set leaks.stacks to see where it was opened.");
  }
  const frames = stack.replaceAll(directory, "").split("\n").map((line) => visible(line.trim()));
  return make("pre", "", frames.join("\n"));
}

function leakLine(view: View, leak: Leak, key: boolean): Node {
  const { row, opened, reported } = leak;
  const scope = scopeOf(leak);
  const when = opened < reported
    ? `opened at ${formatMoment(opened)}, reported ${formatDuration(reported - opened)} later`
    : `reported at ${formatMoment(reported)}`;
  const button = make(
    "button",
    "",
    ...(key ? [make("strong", "", row.key)] : []),
    make("span", "muted", scope === "" ? when : `${when}, by “${scope}”`),
  );
  if (leak === view.leak) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => view.jumpToLeak(leak));
  return make("li", "", button);
}
