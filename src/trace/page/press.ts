/// <reference lib="dom" />
import { Group } from "./selection.ts";
import type { View } from "./view.ts";

/** A press that moves less than this is a click, in CSS pixels. */
const STILL = 4;

/** The pointers that are down, and their positions. */
const pointers = new Map<number, { x: number; y: number }>();

/**
 * Follows a press. One pointer pans, two pinch. A press that does not move is a click: it selects a
 * line in the list, and a moment elsewhere.
 */
export function press(view: View, down: PointerEvent, element: HTMLElement): void {
  if (down.button !== 0) return;
  const isPlot = element.id === "plot";
  pointers.set(down.pointerId, { x: down.clientX, y: down.clientY });
  let moved = pointers.size > 1;
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    moved ||= Math.hypot(event.clientX - before.x, event.clientY - before.y) >= STILL ||
      pointers.size > 1;
    if (!moved) return;
    element.classList.add("dragged");
    if (pointers.size > 1) pinch(view, event, element);
    else pan(view, event, { before, isPlot });
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    view.schedule();
  };
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const mine = (handle: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === down.pointerId) handle(event);
  };
  element.setPointerCapture(down.pointerId);
  element.addEventListener("pointermove", mine(move), options);
  const end = mine(() => {
    listening.abort();
    pointers.delete(down.pointerId);
    element.classList.remove("dragged");
    if (!moved) click(view, down, isPlot);
  });
  element.addEventListener("lostpointercapture", end, options);
}

function pan(
  { viewport, list }: View,
  event: PointerEvent,
  { before, isPlot }: { before: { x: number; y: number }; isPlot: boolean },
): void {
  viewport.pan((before.x - event.clientX) / viewport.width * viewport.span);
  if (isPlot) list.scrollTop += before.y - event.clientY;
}

/** Zooms when one of two pointers moves, so that the times under both stay there. */
function pinch({ viewport }: View, event: PointerEvent, element: HTMLElement): void {
  const { left } = element.getBoundingClientRect();
  const other = [...pointers].find(([id]) => id !== event.pointerId)![1];
  const before = pointers.get(event.pointerId)!;
  const [was, is] = [Math.abs(before.x - other.x), Math.abs(event.clientX - other.x)];
  if (was < 1 || is < 1) return;
  viewport.zoom(was / is, viewport.timeAt(other.x - left));
}

function click(view: View, { offsetX, offsetY, pointerType }: PointerEvent, isPlot: boolean): void {
  const line = isPlot ? view.lineAt(offsetY) : undefined;
  const time = view.viewport.timeAt(offsetX);
  if (!isPlot) return view.moments.pin(time);
  view.list.focus({ preventScroll: true });
  if (pointerType === "touch") view.moments.hover(time);
  if (line instanceof Group) view.fold(line);
  else view.select(line);
}
