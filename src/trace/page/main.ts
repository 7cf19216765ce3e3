/// <reference lib="dom" />
import type { PageData } from "../page_data.ts";
import { Address } from "./address.ts";
import { Controls } from "./controls.ts";
import { byId } from "./dom.ts";
import { Follower } from "./follower.ts";
import { listenToPointer } from "./gestures.ts";
import { listenToKeys } from "./keys.ts";
import { type Link, openLink } from "./live_links.ts";
import { LivePanel } from "./live_panel.ts";
import { Row } from "./row.ts";
import { Splitter } from "./splitter.ts";
import { View } from "./view.ts";

/** On a narrow page the legend is closed at first. */
const NARROW = "(max-width: 1000px)";

function start(): void {
  const data = JSON.parse(byId("data").textContent) as PageData;
  const link = data.live && openLink(data.live);
  byId<HTMLDetailsElement>("legend").open = !matchMedia(NARROW).matches;
  const view = new View(data);
  const splitter = new Splitter(view);
  const controls = new Controls(view);
  const address = new Address(view, splitter, controls);
  view.onFilter = () => {
    controls.show();
    splitter.widen();
  };
  listenToPointer(view);
  listenToKeys(view);
  address.follow();
  const refresh = () => {
    splitter.fit();
    view.refresh();
  };
  new ResizeObserver(refresh).observe(view.list);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  if (link === undefined) return;
  follow(view, link, () => address.follow());
}

/** Shows what happens to a manager, live. Calls `begun` when the first data has come. */
function follow(view: View, link: Link, begun: () => void): void {
  const panel = new LivePanel((action) => {
    link.act(action, view.selected instanceof Row ? view.selected.name : undefined);
  });
  const follower = new Follower(view, panel, begun);
  link.listen({
    hear: (message) => follower.hear(message),
    lose: () => follower.lose(),
    answer: (text) => panel.answer(text),
  });
  byId("now").addEventListener("click", () => follower.follow());
}

start();
