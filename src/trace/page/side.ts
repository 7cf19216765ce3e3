/// <reference lib="dom" />
import { aboutMoment } from "./about_moment.ts";
import { aboutRow } from "./about_row.ts";
import { aboutTrace } from "./about_trace.ts";
import { byId } from "./dom.ts";
import { aboutLeaks } from "./leak_list.ts";
import { Row } from "./row.ts";
import { formatCount } from "./text.ts";
import type { View } from "./view.ts";

/** The tabs of the side panel. */
export const TABS = ["trace", "leaks", "moment", "resource"] as const;

/** One of {@linkcode TABS}. */
export type Tab = (typeof TABS)[number];

/** The side panel of the page, which shows in words what the charts draw. */
export class Side {
  readonly #view: View;
  readonly #panel = byId("panel");
  tab: Tab = "trace";
  /** The call sites whose leaks are shown. */
  readonly opened: Set<string> = new Set();
  #moving = false;

  constructor(view: View) {
    this.#view = view;
    for (const tab of TABS) {
      const button = buttonOf(tab);
      button.addEventListener("click", () => {
        this.open(tab);
        view.schedule();
      });
      button.addEventListener("keydown", ({ key }) => {
        const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
        if (by !== 0) this.#step(by);
      });
    }
    this.#render();
  }

  /** Shows a tab from its top. */
  open(tab: Tab): void {
    this.tab = tab === "resource" && !(this.#view.selected instanceof Row) ? "trace" : tab;
    this.#render();
    this.#panel.scrollTop = 0;
  }

  /** Shows the trace instead of `tab`, which has nothing left to show. */
  leave(tab: Tab): void {
    if (this.tab === tab) this.open("trace");
    else this.#markTabs();
  }

  /** The selected moment has changed: shows it before the next frame. */
  moved(): void {
    if (this.tab !== "moment" || this.#moving) return;
    this.#moving = true;
    requestAnimationFrame(() => {
      this.#moving = false;
      if (this.tab === "moment") this.#render();
    });
  }

  /** Updates the panel of a live trace, unless the focus or a selection is inside. */
  refresh(): void {
    const { activeElement } = document;
    const isInside = activeElement !== this.#panel && this.#panel.contains(activeElement);
    if (isInside || this.#hasSelection) this.#markTabs();
    else this.#render();
  }

  /** Whether text in the panel is selected, perhaps to be copied. */
  get #hasSelection(): boolean {
    const selection = getSelection()!;
    return !selection.isCollapsed && this.#panel.contains(selection.anchorNode);
  }

  #step(by: 1 | -1): void {
    const tabs = TABS.filter((tab) => !buttonOf(tab).disabled);
    const next = tabs[(tabs.indexOf(this.tab) + by + tabs.length) % tabs.length]!;
    this.open(next);
    buttonOf(next).focus();
  }

  #render(): void {
    const panel = this.#panel;
    const { scrollTop } = panel;
    const isInside = panel.contains(document.activeElement);
    panel.replaceChildren(...this.#content());
    panel.scrollTop = scrollTop;
    // If the focus was on a button that was replaced, it continues from the panel.
    if (isInside) panel.focus({ preventScroll: true });
    this.#markTabs();
  }

  #content(): Node[] {
    const { selected } = this.#view;
    if (this.tab === "leaks") return aboutLeaks(this.#view);
    if (this.tab === "moment") return aboutMoment(this.#view);
    if (this.tab === "resource" && selected instanceof Row) return aboutRow(this.#view, selected);
    return aboutTrace(this.#view);
  }

  #markTabs(): void {
    const { length } = this.#view.model.leaks;
    buttonOf("leaks").textContent = length === 0 ? "Leaks" : `Leaks ${formatCount(length)}`;
    for (const tab of TABS) {
      const button = buttonOf(tab);
      button.ariaSelected = String(tab === this.tab);
      if (tab === this.tab) this.#panel.ariaLabel = button.textContent;
      button.tabIndex = tab === this.tab ? 0 : -1;
    }
    buttonOf("resource").disabled = !(this.#view.selected instanceof Row);
  }
}

function buttonOf(tab: Tab): HTMLButtonElement {
  return byId<HTMLButtonElement>(`tab-${tab}`);
}
