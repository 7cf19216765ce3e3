/// <reference lib="dom" />
import type { PageData, TraceBatch } from "../page_data.ts";
import { Address } from "./address.ts";
import { Controls } from "./controls.ts";
import { byId } from "./dom.ts";
import { listenToPointer } from "./gestures.ts";
import { listenToKeys } from "./keys.ts";
import { Splitter } from "./splitter.ts";
import { View } from "./view.ts";

/** Where the legend is folded at first. */
const NARROW = "(max-width: 1000px)";

function start(): void {
  const data = JSON.parse(byId("data").textContent) as PageData;
  byId<HTMLDetailsElement>("legend").open = !matchMedia(NARROW).matches;
  const view = new View(data);
  const splitter = new Splitter(view);
  const controls = new Controls(view);
  const address = new Address(view, splitter, controls);
  listenToPointer(view);
  listenToKeys(view);
  address.follow();
  const refresh = () => {
    splitter.fit();
    view.refresh();
  };
  new ResizeObserver(refresh).observe(view.list);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  if (data.live !== undefined) follow(view, data.live);
}

/** Shows what has come to a live trace, as it comes. */
function follow(view: View, url: string): void {
  const events = new EventSource(url);
  events.addEventListener("message", ({ data }) => view.append(JSON.parse(data) as TraceBatch));
  events.addEventListener("replace", ({ data }) => view.replaceData(JSON.parse(data) as PageData));
}

start();
