/// <reference lib="dom" />
import { byId, takesText } from "./dom.ts";
import type { View } from "./view.ts";

/** How much of the width a key pans, and how much it zooms. */
const PAN = 0.15;
const ZOOM = 1.5;

/** What each key does. The dialog of the page lists them. */
function actionsOf(view: View): Readonly<Record<string, () => void>> {
  const { viewport } = view;
  const zoom = (factor: number) => () => viewport.zoom(factor);
  const pan = (part: number) => () => viewport.pan(part * viewport.span);
  const query = byId<HTMLInputElement>("query");
  return {
    ArrowUp: () => view.step(-1),
    ArrowDown: () => view.step(1),
    PageUp: () => view.step(-view.page),
    PageDown: () => view.step(view.page),
    Home: () => view.step(-Infinity),
    End: () => view.step(Infinity),
    ArrowLeft: pan(-PAN),
    a: pan(-PAN),
    ArrowRight: pan(PAN),
    d: pan(PAN),
    "+": zoom(1 / ZOOM),
    "=": zoom(1 / ZOOM),
    w: zoom(1 / ZOOM),
    "-": zoom(ZOOM),
    s: zoom(ZOOM),
    "0": () => viewport.fit(),
    Enter: () => showStays(view),
    l: () => nextLeak(view),
    Escape: () => view.select(undefined),
    "/": () => query.select(),
    "?": () => byId<HTMLDialogElement>("help").showModal(),
  };
}

/** Listens to keys wherever they are pressed, where no text is typed and no button is meant. */
export function listenToKeys(view: View): void {
  const actions = actionsOf(view);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (takesText(event.target)) {
      if (event.key === "Escape" || (event.key === "Enter" && event.target === byId("query"))) {
        view.list.focus();
      }
      return;
    }
    if (byId<HTMLDialogElement>("help").open || !Object.hasOwn(actions, event.key)) return;
    const elsewhere = (event.target as Element).closest("button, aside") !== null;
    if (elsewhere && /^(Enter|Page|Arrow|Home|End)/.test(event.key)) return;
    event.preventDefault();
    actions[event.key]!();
    view.schedule();
  });
}

/** Zooms to when the selected resource was in memory. */
function showStays({ selected, viewport }: View): void {
  if (selected === undefined || selected.stays.length === 0) return;
  const [from, to] = [selected.stays[0]!.from, selected.stays.at(-1)!.to];
  const margin = (to - from) * 0.05;
  viewport.show(from - margin, to + margin);
}

/** Jumps to the first leak of the next row that has one. */
function nextLeak(view: View): void {
  const { rows, selected } = view;
  const start = selected === undefined ? 0 : rows.indexOf(selected) + 1;
  const row = [...rows.slice(start), ...rows.slice(0, start)].find(({ leaks }) => leaks > 0);
  if (row !== undefined) view.jump(row, row.marks.find(({ kind }) => kind === "leak")!.time);
}
