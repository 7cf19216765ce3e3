/// <reference lib="dom" />
import type { Controls } from "./controls.ts";
import { type Link, readHash, writeHash } from "./hash.ts";
import { Row } from "./row.ts";
import { TABS } from "./side.ts";
import type { Splitter } from "./splitter.ts";
import type { View } from "./view.ts";

/**
 * The shortest time between two changes of the address, in ms: browsers limit how often a page may.
 */
const PAUSE = 250;

/** Writes the state of the view into the address of the page, so that a link shows the same. */
export class Address {
  readonly #view: View;
  readonly #splitter: Splitter;
  readonly #controls: Controls;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: View, splitter: Splitter, controls: Controls) {
    this.#view = view;
    this.#splitter = splitter;
    this.#controls = controls;
    view.onchange = () => {
      this.#timer ??= setTimeout(() => this.#write(), PAUSE);
    };
    addEventListener("hashchange", () => this.follow());
  }

  /** Shows what the address asks for. Ignores what this trace does not have. */
  follow(): void {
    const view = this.#view;
    const link = readHash(location.hash);
    view.arrange(link.filter);
    this.#splitter.width = link.width;
    this.#splitter.fit();
    this.#select(link);
    const { from, to } = link;
    if (from === undefined || to === undefined || from >= to) view.viewport.fit();
    else view.viewport.show(from, to);
    const { duration } = view.model;
    const within = (time: number | undefined) =>
      time === undefined ? undefined : Math.min(duration, Math.max(0, time));
    view.moments.mark = within(link.mark);
    view.moments.pinned = within(link.pinned);
    view.side.open(TABS.find((tab) => tab === link.tab) ?? view.side.tab);
    this.#controls.show();
    view.schedule();
  }

  #select({ selected, leak = -1 }: Link): void {
    const view = this.#view;
    const row = view.model.rows.find(({ key }) => key === selected);
    const opened = view.model.openings[leak];
    view.select(row, opened?.row === row ? opened : undefined);
  }

  #write(): void {
    this.#timer = undefined;
    const hash = writeHash(this.#link());
    if (hash === location.hash.replace(/^#/, "")) return;
    history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
  }

  #link(): Link {
    const { viewport, filter, selected, leak, model, moments, side } = this.#view;
    const { from, to, whole, follows } = viewport;
    return {
      // A live trace that is followed has another end when the link is opened.
      ...(!whole && !(model.data.live && follows) && { from, to }),
      filter,
      selected: selected instanceof Row ? selected.key : undefined,
      leak: leak === undefined ? undefined : model.openings.indexOf(leak),
      pinned: moments.pinned,
      mark: moments.mark,
      tab: side.tab === "trace" ? undefined : side.tab,
      width: this.#splitter.width,
    };
  }
}
