/// <reference lib="dom" />
import { fillPaged, make } from "./dom.ts";
import { compare, type Comparison, type Difference, residentsAt } from "./residents.ts";
import type { Row } from "./row.ts";
import { formatBytes, formatChange, formatMoment, plural } from "./text.ts";
import type { View } from "./view.ts";

/** Shows what was in memory at the selected moment, or how it differs from the mark. */
export function aboutMoment(view: View): Node[] {
  const { mark, now, pinned } = view.moments;
  const toggle = make(
    "button",
    "",
    mark === undefined ? "Compare " : "Stop ",
    make("kbd", "", "M"),
  );
  toggle.addEventListener("click", () => view.moments.toggleMark());
  const title = mark === undefined
    ? `At ${formatMoment(now)}`
    : `${formatMoment(mark)} → ${formatMoment(now)}`;
  const head = make("div", "head", make("h2", "", title), toggle);
  const hint = pinned === undefined
    ? "Follows the pointer. Click the memory to stay at a moment."
    : "Click the memory for another moment, or press Esc to follow the pointer.";
  const content = mark === undefined
    ? residentList(view, now)
    : comparison(view, compare(view.rows, mark, now));
  return [head, ...content, make("p", "muted hint", hint)];
}

function residentList(view: View, now: number): Node[] {
  const residents = residentsAt(view.rows, now);
  const bytes = residents.reduce((sum, each) => sum + each.bytes, 0);
  const list = make("ul", "residents");
  const most = residents[0]?.bytes ?? 0;
  const lines = fillPaged(list, residents, ({ row, bytes, references }) => {
    const state = references > 0 ? `×${references}` : "idle";
    const button = rowButton(view, row, [state, formatBytes(bytes)]);
    button.classList.toggle("idle", references === 0);
    button.style.setProperty("--part", String(most === 0 ? 0 : bytes / most));
    return make("li", "", button);
  });
  const sum = `${plural(residents.length, "resource")} in memory, ${formatBytes(bytes)}`;
  return [make("p", "sum", sum), lines];
}

function comparison(view: View, { came, went, changed, bytes }: Comparison): Node[] {
  return [
    make("p", "sum", `${formatChange(bytes)} in all`),
    ...differences(view, "Came", came),
    ...differences(view, "Went", went),
    ...differences(view, "Changed", changed),
  ];
}

function differences(view: View, title: string, list: readonly Difference[]): Node[] {
  if (list.length === 0 && title === "Changed") return [];
  const bytes = list.reduce((sum, each) => sum + each.bytes, 0);
  const sum = list.length === 0 ? "nothing" : `${list.length}, ${formatChange(bytes)}`;
  const lines = fillPaged(make("ul", "residents"), list, ({ row, bytes }) => {
    return make("li", "", rowButton(view, row, [formatChange(bytes)]));
  });
  return [make("h3", "", `${title}: ${sum}`), lines];
}

function rowButton(view: View, row: Row, parts: readonly string[]): HTMLButtonElement {
  const key = make("bdi", "", row.key);
  key.dir = "ltr";
  const button = make(
    "button",
    "",
    make("span", "path", key),
    ...parts.map((part) => make("span", "muted", part)),
  );
  button.title = row.key;
  button.addEventListener("click", () => view.jump(row));
  return button;
}
