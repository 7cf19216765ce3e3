/// <reference lib="dom" />
import { byteLabels } from "./charts.ts";
import { byId, make } from "./dom.ts";
import type { Model } from "./model.ts";
import { bytesOf } from "./selection.ts";
import { formatBytes, formatCount, formatDuration, plural } from "./text.ts";
import type { View } from "./view.ts";

/** Shows the title of the trace and its summary in one line at the top. */
export function introduce(model: Model): void {
  const { data, rows, leaks, duration } = model;
  document.title = data.title;
  byId("title").textContent = data.title;
  const budget = data.budget === undefined ? "" : `, budget ${formatBytes(data.budget)}`;
  const memory = `peak ${formatBytes(model.peakBytes)}${budget}`;
  byId("summary").textContent = [
    plural(rows.length, "resource"),
    formatDuration(duration),
    memory,
    plural(leaks.length, "leak"),
  ].join(" · ");
  byId("bytes").ariaLabel = `Memory over time: ${memory}`;
  byId("unfreed").hidden = model.waiting.times.length === 0;
  byId("notice").hidden = data.forgotten === 0;
  byId("notice").textContent = `${plural(data.forgotten, "older event")} did not fit. ` +
    `The trace shows what happened since. Record more with maxEvents.`;
  byId("filters").hidden = rows.length === 0;
  byId("next-leak").hidden = leaks.length === 0;
}

/** Shows how many of the resources are in the list. */
export function showTotals({ model, rows }: View): void {
  const all = model.rows.length;
  const isAll = rows.length === all;
  const count = isAll
    ? plural(all, "resource")
    : `${formatCount(rows.length)} of ${formatCount(all)}`;
  const matches = byId("matches");
  matches.textContent = all === 0 ? "No resources" : `${count} · ${formatBytes(bytesOf(rows))}`;
  matches.title = "How many resources are listed, and their bytes if all were in memory at once";
  byId("none").hidden = rows.length > 0;
  byId("none").textContent = all === 0
    ? "Nothing was in memory while this trace ran."
    : "No resource matches.";
  byId("clear").hidden = isAll;
}

/** Writes bytes beside the chart of memory. */
export function showScale(model: Model, height: number): void {
  byId("scale").replaceChildren(
    ...byteLabels(model, height).map(({ y, text }) => {
      const label = make("span", "", text);
      label.style.top = `${y}px`;
      return label;
    }),
  );
}
