/// <reference lib="dom" />
import { factList, fillPaged, make } from "./dom.ts";
import { siteList } from "./leak_list.ts";
import type { Row, Stay } from "./row.ts";
import { formatBytes, formatCount, formatDuration, formatMoment, plural } from "./text.ts";
import type { View } from "./view.ts";

/** Shows what happened to one resource. */
export function aboutRow(view: View, row: Row): Node[] {
  const { duration } = view.model;
  const { live, resident } = row.agesAt(duration);
  const close = make("button", "close", "×");
  close.ariaLabel = "Back to the whole trace";
  close.addEventListener("click", () => {
    view.list.focus({ preventScroll: true });
    view.select(undefined);
  });
  const facts = factList([
    ["Type", row.type],
    ["Size", formatBytes(row.bytes)],
    ["Most references", formatCount(row.peak)],
    ["Loading", formatDuration(row.stays.reduce((sum, { loading = 0 }) => sum + loading, 0))],
    ["Live", formatDuration(live)],
    ["Idle", formatDuration(resident - live)],
    ["Loads", formatCount(row.stays.length)],
    ["Evictions", formatCount(row.evictions.length)],
    ["Reloads", formatCount(row.reloads.length)],
  ]);
  const leaks = row.leaks.length === 0 ? [] : [
    make("h3", "leak", plural(row.leaks.length, "leak")),
    siteList(view, row.openings, { key: false }),
  ];
  return [
    close,
    make("h2", "", row.key),
    facts,
    ...leaks,
    make("h3", "", "In memory"),
    stayTable(row, duration),
  ];
}

function stayTable({ stays }: Row, duration: number): Node {
  if (stays.length === 0) return make("p", "muted", "It was unloaded before the trace began.");
  const body = make("tbody", "");
  const head = make("tr", "", ...["From", "For", "Refs", "End"].map(headCell));
  const table = make("table", "", make("thead", "", head), body);
  return fillPaged(body, stays, (stay) => stayLine(stay, duration), table);
}

function headCell(text: string): Node {
  const cell = make("th", "", text);
  cell.scope = "col";
  return cell;
}

function stayLine({ from, to, peak, reason }: Stay, duration: number): Node {
  const lasted = formatDuration(Math.min(to, duration) - from);
  const cells = [formatMoment(from), lasted, `×${formatCount(peak)}`, reason ?? "still resident"];
  return make("tr", "", ...cells.map((text) => make("td", "", text)));
}
