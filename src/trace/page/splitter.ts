/// <reference lib="dom" />
import { byId } from "./dom.ts";
import { FONT_OF_NAMES } from "./canvas.ts";
import { nameOf } from "./row_list.ts";
import { Group } from "./selection.ts";
import { formatBytes, formatCount, plural, splitKey } from "./text.ts";
import type { View } from "./view.ts";

/** The narrowest column of names, and what the plot keeps at least, in CSS pixels. */
const LEAST = 96;
const PLOT = 120;
/** No more of the width is taken unless somebody asks for it. */
const MOST_BY_ITSELF = 0.4;
/** What stands in a line beside the name. */
const BESIDE = 56;
const STEP = 16;
/** So many of the longest names are measured. */
const MEASURED = 50;

/** The edge of the column of names, which can be moved. */
export class Splitter {
  readonly #view: View;
  readonly #element = byId("splitter");
  /** The width that somebody has chosen, in CSS pixels. */
  width: number | undefined;

  constructor(view: View) {
    this.#view = view;
    const element = this.#element;
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    element.addEventListener("pointermove", (event) => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      this.choose(event.clientX - byId("stage").getBoundingClientRect().left);
    });
    element.addEventListener("dblclick", () => this.choose(undefined));
    element.addEventListener("keydown", (event) => {
      const width = this.#widthAfter(event.key);
      if (width === undefined) return;
      event.preventDefault();
      this.choose(width);
    });
  }

  /** Takes a width, or what suits the names. */
  choose(width: number | undefined): void {
    this.width = width;
    this.fit();
    this.#view.refresh();
    this.#view.schedule();
  }

  /** Sets the width for the page as it is now. */
  fit(): void {
    const stage = byId("stage").clientWidth;
    const most = Math.max(LEAST, stage - PLOT);
    const width = this.width ?? Math.min(this.#suitable(), stage * MOST_BY_ITSELF);
    const whole = Math.round(Math.min(most, Math.max(LEAST, width)));
    document.documentElement.style.setProperty("--labels", `${whole}px`);
    this.#element.ariaValueNow = String(whole);
    this.#element.ariaValueMin = String(LEAST);
    this.#element.ariaValueMax = String(Math.round(most));
  }

  #widthAfter(key: string): number | undefined {
    const now = Number(this.#element.ariaValueNow);
    if (key === "ArrowLeft") return now - STEP;
    if (key === "ArrowRight") return now + STEP;
    if (key === "Home") return LEAST;
    if (key === "End") return byId("stage").clientWidth - PLOT;
    return undefined;
  }

  /** The width at which the longest name is not cut. */
  #suitable(): number {
    const context = new OffscreenCanvas(1, 1).getContext("2d")!;
    context.font = FONT_OF_NAMES;
    const { lines } = this.#view;
    const grouped = lines[0] instanceof Group;
    const texts = lines.map((line) => {
      if (line instanceof Group) {
        const sides = `${formatBytes(line.bytes)} ${formatCount(line.rows.length)}`;
        return `   ${nameOf(line.directory.path)}  ${sides}`;
      }
      const name = grouped ? splitKey(line.key)[1] : line.key;
      const leaks = line.leaks.length === 0 ? "" : plural(line.leaks.length, "leak");
      return `${name} ${leaks} ${formatBytes(line.bytes)} ×${formatCount(line.peak)}`;
    });
    const longest = texts.sort((a, b) => b.length - a.length).slice(0, MEASURED);
    return longest.reduce((most, text) => Math.max(most, context.measureText(text).width), 0) +
      BESIDE;
  }
}
