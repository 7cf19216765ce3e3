/// <reference lib="dom" />
import { byId, takesText } from "./dom.ts";
import { Group } from "./selection.ts";
import type { View } from "./view.ts";

/** The part of the width by which a key pans, and the factor by which it zooms. */
const PAN = 0.15;
const ZOOM = 1.5;

/** The action of each key. The help dialog of the page lists them. */
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
    ArrowLeft: () => turn(view, -PAN),
    a: pan(-PAN),
    ArrowRight: () => turn(view, PAN),
    d: pan(PAN),
    "+": zoom(1 / ZOOM),
    "=": zoom(1 / ZOOM),
    w: zoom(1 / ZOOM),
    "-": zoom(ZOOM),
    s: zoom(ZOOM),
    "0": () => viewport.fit(),
    Enter: () => open(view),
    l: () => view.stepLeak(1),
    L: () => view.stepLeak(-1),
    m: () => view.moments.toggleMark(),
    ",": () => view.moments.step(-1),
    ".": () => view.moments.step(1),
    "[": () => view.foldAll(true),
    "]": () => view.foldAll(false),
    Escape: () => leave(view),
    "/": () => query.select(),
    "?": () => byId<HTMLDialogElement>("help").showModal(),
  };
}

/** Listens to keys in the whole page, except where they type text or press a button. */
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
    const elsewhere =
      (event.target as Element).closest("button, aside, summary, [role=separator]") !== null;
    if (elsewhere && /^(Enter|Page|Arrow|Home|End)/.test(event.key)) return;
    event.preventDefault();
    actions[event.key]!();
    view.schedule();
  });
}

/** Folds or unfolds the selected directory. If none is selected, pans. */
function turn(view: View, part: number): void {
  const { selected, viewport } = view;
  if (selected instanceof Group) view.fold(selected, part < 0);
  else viewport.pan(part * viewport.span);
}

/** Zooms to when the selected resource was in memory, or folds the selected directory. */
function open(view: View): void {
  const { selected, viewport, model } = view;
  if (selected instanceof Group) return view.fold(selected);
  const [first, last] = [selected?.stays[0], selected?.stays.at(-1)];
  if (first === undefined || last === undefined) return;
  const to = Math.min(last.to, model.duration);
  const margin = (to - first.from) * 0.05;
  viewport.show(first.from - margin, to + margin);
}

/** Clears one thing at a time: first the selection, then the moment, then the mark. */
function leave(view: View): void {
  const { moments } = view;
  if (view.selected !== undefined) view.select(undefined);
  else if (moments.pinned !== undefined) moments.pin(undefined);
  else if (moments.mark !== undefined) moments.toggleMark();
}
