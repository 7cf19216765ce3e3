/// <reference lib="dom" />
import type { PageData } from "../page_data.ts";
import { byId } from "./dom.ts";
import { listenToPointer } from "./gestures.ts";
import { listenToKeys } from "./keys.ts";
import { decode } from "./model.ts";
import type { Order } from "./selection.ts";
import { View } from "./view.ts";

/** How much a press of a button zooms. */
const ZOOM = 2;

function start(): void {
  const view = new View(decode(JSON.parse(byId("data").textContent) as PageData));
  listenToPointer(view);
  listenToKeys(view);
  listenToControls(view);
  view.arrange({});
  new ResizeObserver(() => view.refresh()).observe(view.list);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => view.refresh());
}

function listenToControls(view: View): void {
  const query = byId<HTMLInputElement>("query");
  const order = byId<HTMLSelectElement>("order");
  query.addEventListener("input", () => view.arrange({ query: query.value }));
  order.addEventListener("change", () => view.arrange({ order: order.value as Order }));
  const help = byId<HTMLDialogElement>("help");
  byId("help-button").addEventListener("click", () => help.showModal());
  const press = (id: string, action: () => void) =>
    byId(id).addEventListener("click", () => {
      action();
      view.schedule();
    });
  press("in", () => view.viewport.zoom(1 / ZOOM));
  press("out", () => view.viewport.zoom(ZOOM));
  press("fit", () => view.viewport.fit());
}

start();
