/// <reference lib="dom" />
import { byId } from "./dom.ts";
import { FONT_OF_NAMES } from "./canvas.ts";
import { nameOf } from "./row_list.ts";
import { Group, type Line } from "./selection.ts";
import { plural, splitKey } from "./text.ts";
import type { View } from "./view.ts";

/** The least width of the column of names, in CSS pixels. */
const LEAST = 96;
/** The least width that the page chooses itself if there is room. */
const LEAST_BY_ITSELF = 230;
/** The least width of the plot. */
const PLOT = 120;
/** The largest part of the page's width that the page chooses itself. */
const MOST_BY_ITSELF = 0.4;
/**
 * The width of everything in a line but the name and the leaks: indent, bytes, references and gaps.
 */
const BESIDE = 33 + 48 + 40 + 12 + 3 * 8;
const GAP = 8;
const STEP = 16;
/** How many of the longest names are measured. */
const MEASURED = 50;

/** The movable edge of the column of names. */
export class Splitter {
  readonly #view: View;
  readonly #element = byId("splitter");
  /** The width that the user has chosen, in CSS pixels. */
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

  /** Sets the width, or returns to a width that suits the names. */
  choose(width: number | undefined): void {
    this.width = width;
    this.fit();
    this.#view.refresh();
    this.#view.schedule();
  }

  /** Fits the width to the size of the page. */
  fit(): void {
    this.#set(this.#wanted);
  }

  /** Makes room for new names and leaks, but never makes the column narrower. */
  widen(): void {
    const wanted = this.#wanted;
    if (wanted <= Number(this.#element.ariaValueNow)) return;
    this.#set(wanted);
    this.#view.refresh();
  }

  get #most(): number {
    return Math.max(LEAST, byId("stage").clientWidth - PLOT);
  }

  get #wanted(): number {
    const room = byId("stage").clientWidth * MOST_BY_ITSELF;
    const width = this.width ?? Math.min(Math.max(LEAST_BY_ITSELF, this.#suitable()), room);
    return Math.round(Math.min(this.#most, Math.max(LEAST, width)));
  }

  #set(width: number): void {
    document.documentElement.style.setProperty("--labels", `${width}px`);
    this.#element.ariaValueNow = String(width);
    this.#element.ariaValueMin = String(LEAST);
    this.#element.ariaValueMax = String(Math.round(this.#most));
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
    const { lines } = this.#view;
    const grouped = lines[0] instanceof Group;
    const longest = lines.map((line) => partsOf(line, grouped))
      .sort((a, b) => b.length - a.length)
      .slice(0, MEASURED);
    return longest.reduce((most, { name, flag, bold }) => {
      context.font = `${bold ? 600 : 400} ${FONT_OF_NAMES}`;
      const width = context.measureText(name).width;
      context.font = `600 ${FONT_OF_NAMES}`;
      return Math.max(most, width + (flag === "" ? 0 : context.measureText(flag).width + GAP));
    }, 0) + BESIDE;
  }
}

/** The texts in a line whose widths vary. */
function partsOf(line: Line, grouped: boolean) {
  const bold = line instanceof Group;
  const name = bold ? nameOf(line.directory.path) : grouped ? splitKey(line.key)[1] : line.key;
  const leaks = bold ? line.leaks : line.leaks.length;
  const flag = leaks === 0 ? "" : plural(leaks, "leak");
  return { name, flag, bold, length: name.length + flag.length };
}
