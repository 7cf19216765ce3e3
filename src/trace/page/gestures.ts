/// <reference lib="dom" />
import { byId } from "./dom.ts";
import type { View } from "./view.ts";

/** How much a step of the wheel zooms. */
const WHEEL = 0.0018;
/** A press that moves less is a click, in CSS pixels. */
const STILL = 4;

/** Zooms with the wheel, pans by dragging, selects by a click, tells what is hovered. */
export function listenToPointer(view: View): void {
  const charts = [byId("bytes"), byId("axis")];
  for (const chart of charts) {
    chart.addEventListener("wheel", (event) => turn(view, event, true), { passive: false });
    chart.addEventListener("pointerdown", (event) => drag(view, event, chart));
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
  byId("labels").addEventListener("click", (event) => {
    view.select(view.rowAt(event.clientY - view.list.getBoundingClientRect().top));
  });
  listenToHover(view);
}

function listenToPlot(view: View): void {
  const plot = byId("plot");
  plot.addEventListener("pointerdown", (event) => drag(view, event, plot));
  plot.addEventListener("dblclick", (event) => {
    const stay = view.rowAt(event.offsetY)?.stayAt(view.viewport.timeAt(event.offsetX));
    if (stay === undefined) return;
    const margin = (stay.to - stay.from) * 0.05;
    view.viewport.show(stay.from - margin, stay.to + margin);
    view.schedule();
  });
}

/** Zooms if `zooms` or a modifier says so, pans if it was turned sideways, and else scrolls. */
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

/** Pans until the pointer is released; one that did not move was a click. */
function drag(view: View, down: PointerEvent, element: HTMLElement): void {
  if (down.button !== 0) return;
  const { viewport, list } = view;
  const isPlot = element.id === "plot";
  let [x, y] = [down.clientX, down.clientY];
  let moved = false;
  const move = (event: PointerEvent) => {
    moved ||= Math.hypot(event.clientX - x, event.clientY - y) >= STILL;
    if (!moved) return;
    element.classList.add("dragged");
    viewport.pan((x - event.clientX) / viewport.width * viewport.span);
    if (isPlot) list.scrollTop += y - event.clientY;
    [x, y] = [event.clientX, event.clientY];
    view.schedule();
  };
  const listening = new AbortController();
  const options = { signal: listening.signal };
  element.setPointerCapture(down.pointerId);
  element.addEventListener("pointermove", move, options);
  element.addEventListener("lostpointercapture", () => {
    listening.abort();
    element.classList.remove("dragged");
    if (!moved && isPlot) view.select(view.rowAt(down.offsetY));
  }, options);
}

/** A press in the overview goes there. */
function listenToOverview(view: View): void {
  const strip = byId("strip");
  const go = (event: PointerEvent) => {
    const { left, width } = strip.getBoundingClientRect();
    const { viewport } = view;
    const time = (event.clientX - left) / width * viewport.end;
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
      const row = element.id === "plot" ? view.rowAt(event.offsetY) : undefined;
      if (element.id === "plot" && row === undefined) view.tooltip.hide();
      else view.tooltip.show(row, event.offsetX, event);
    });
    element.addEventListener("pointerleave", () => view.tooltip.hide());
  }
}
