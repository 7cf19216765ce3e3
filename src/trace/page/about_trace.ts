/// <reference lib="dom" />
import { factList, make } from "./dom.ts";
import type { Excess, Model } from "./model.ts";
import { formatBytes, formatCount, formatDuration, plural } from "./text.ts";
import type { View } from "./view.ts";

/** Shows facts about the whole trace. */
export function aboutTrace(view: View): Node[] {
  const { model } = view;
  const { data } = model;
  const content: Node[] = [
    make("h2", "", "This trace"),
    factList([
      ["Recorded", new Date(data.start).toLocaleString()],
      ["Duration", formatDuration(model.duration)],
      ["Events", formatCount(model.count)],
      ["Resources", formatCount(model.rows.length)],
      ["Most memory", formatBytes(model.peakBytes)],
      ["Budget", data.budget === undefined ? "none" : formatBytes(data.budget)],
      ["Making room", timesOf(model, "making room")],
      ["Over budget", timesOf(model, "over budget")],
      ["Evictions", formatCount(model.evictions.length)],
      ["Reloads", formatCount(model.reloads.length)],
    ]),
    leakNote(view),
  ];
  if (model.rows.length > 0) {
    const hint = "Select a row for what happened to its resource. " +
      "Click the memory for what was resident at a moment.";
    content.push(make("p", "muted hint", hint));
  }
  return content;
}

/** The number of leaks, with a button that shows them. */
function leakNote(view: View): Node {
  const { length } = view.model.leaks;
  if (length === 0) return make("p", "hint", "No leaks.");
  const button = make(
    "button",
    "leak",
    `See ${length === 1 ? "the leak" : plural(length, "leak")}`,
  );
  button.addEventListener("click", () => {
    view.side.open("leaks");
    view.schedule();
  });
  return make("p", "hint", button);
}

/** How often and for how long the budget was exceeded. */
function timesOf({ excesses, duration }: Model, why: Excess["why"]): string {
  const times = excesses.filter((excess) => excess.why === why);
  if (times.length === 0) return "never";
  const sum = times.reduce((sum, { from, to }) => sum + Math.min(to, duration) - from, 0);
  return `${plural(times.length, "time")}, ${formatDuration(sum)}`;
}
