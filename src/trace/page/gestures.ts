/// <reference lib="dom" />
import { byId } from "./dom.ts";
import { press } from "./press.ts";
import { Row } from "./row.ts";
import { Group } from "./selection.ts";
import type { View } from "./view.ts";

/** How much the wheel zooms, for each pixel it turns. */
const WHEEL = 0.0018;

/** The wheel zooms, dragging pans, a click selects, and hovering shows a tooltip. */
export function listenToPointer(view: View): void {
  const charts = [byId("bytes"), byId("axis")];
  for (const chart of charts) {
    chart.addEventListener("wheel", (event) => turn(view, event, true), { passive: false });
    chart.addEventListener("pointerdown", (event) => press(view, event, chart));
    chart.addEventListener("dblclick", (event) => {
      view.viewport.zoom(1 / 4, view.viewport.timeAt(event.offsetX));
      view.schedule();
    });
  }
  listenToPlot(view);
  listenToOverview(view);
  view.list.addEventListener("wheel", (event) => turn(view, event, !view.scrolls), {
    passive: false,
  });
  view.list.addEventListener("scroll", () => view.schedule());
  for (const id of ["labels", "sticky"]) {
    byId(id).addEventListener("click", (event) => choose(view, event));
  }
  listenToHover(view);
}

function listenToPlot(view: View): void {
  const plot = byId("plot");
  plot.addEventListener("pointerdown", (event) => press(view, event, plot));
  plot.addEventListener("dblclick", (event) => {
    const line = view.lineAt(event.offsetY);
    if (!(line instanceof Row)) return;
    const stay = line.stayAt(view.viewport.timeAt(event.offsetX));
    if (stay === undefined) return;
    const to = Math.min(stay.to, view.model.duration);
    const margin = (to - stay.from) * 0.05;
    view.viewport.show(stay.from - margin, to + margin);
    view.schedule();
  });
}

/**
 * Zooms if `zooms` is set or a modifier is held, pans if the wheel turned sideways, otherwise
 * scrolls.
 */
function turn(view: View, event: WheelEvent, zooms: boolean): void {
  const { deltaX, deltaY } = event;
  const { viewport } = view;
  const sideways = event.shiftKey || Math.abs(deltaX) > Math.abs(deltaY);
  if (event.ctrlKey || event.metaKey || event.altKey || (zooms && !sideways)) {
    const { left } = byId("plot").getBoundingClientRect();
    viewport.zoom(Math.exp(deltaY * WHEEL), viewport.timeAt(Math.max(0, event.clientX - left)));
  } else if (sideways) {
    const delta = deltaX === 0 ? deltaY : deltaX;
    viewport.pan(delta / viewport.width * viewport.span);
  } else return;
  event.preventDefault();
  view.schedule();
}

/** Selects the line under the pointer; a heading is also folded or unfolded. */
function choose(view: View, { clientY }: MouseEvent): void {
  const line = view.lineAt(clientY - view.list.getBoundingClientRect().top);
  view.list.focus({ preventScroll: true });
  if (line instanceof Group) view.fold(line);
  else view.select(line);
}

/** A press in the overview moves the view to that time. */
function listenToOverview(view: View): void {
  const strip = byId("strip");
  const go = (event: PointerEvent) => {
    const { left, width } = strip.getBoundingClientRect();
    const { viewport } = view;
    const { start, end } = viewport;
    const time = start + (event.clientX - left) / width * (end - start);
    viewport.show(time - viewport.span / 2, time + viewport.span / 2);
    view.schedule();
  };
  strip.addEventListener("pointerdown", (event) => {
    strip.setPointerCapture(event.pointerId);
    go(event);
  });
  strip.addEventListener("pointermove", (event) => {
    if (strip.hasPointerCapture(event.pointerId)) go(event);
  });
  strip.addEventListener("wheel", (event) => turn(view, event, true), { passive: false });
}

function listenToHover(view: View): void {
  for (const element of [byId("plot"), byId("bytes")]) {
    element.addEventListener("pointermove", (event) => {
      if (element.classList.contains("dragged")) return;
      view.moments.hover(view.viewport.timeAt(event.offsetX));
      const line = element.id === "plot" ? view.lineAt(event.offsetY) : undefined;
      if (element.id === "plot" && line === undefined) view.tooltip.hide();
      else view.tooltip.show(line, event.offsetX, event);
    });
    element.addEventListener("pointerleave", () => view.tooltip.hide());
  }
  const labels = byId("labels");
  labels.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const line = view.lineAt(event.clientY - view.list.getBoundingClientRect().top);
    if (line === undefined) view.tooltip.hide();
    else view.tooltip.name(line, event);
  });
  labels.addEventListener("pointerleave", () => view.tooltip.hide());
}
