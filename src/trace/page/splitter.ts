/// <reference lib="dom" />
import { byId } from "./dom.ts";
import { FONT_OF_NAMES } from "./canvas.ts";
import { nameOf } from "./row_list.ts";
import { Group, type Line } from "./selection.ts";
import { plural, splitKey } from "./text.ts";
import type { View } from "./view.ts";

/** The narrowest column of names, and what the plot keeps at least, in CSS pixels. */
const LEAST = 96;
/** The narrowest that it is by itself, where there is room. */
const LEAST_BY_ITSELF = 230;
const PLOT = 120;
/** No more of the width is taken unless somebody asks for it. */
const MOST_BY_ITSELF = 0.4;
/** What a line has beside the name and the leaks: its indent, the bytes and the references. */
const BESIDE = 33 + 48 + 40 + 12 + 3 * 8;
const GAP = 8;
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
    this.#set(this.#wanted);
  }

  /** Makes room for names and leaks that have come, and takes none away. */
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

/** What takes room in a line. */
function partsOf(line: Line, grouped: boolean) {
  const bold = line instanceof Group;
  const name = bold ? nameOf(line.directory.path) : grouped ? splitKey(line.key)[1] : line.key;
  const leaks = bold ? line.leaks : line.leaks.length;
  const flag = leaks === 0 ? "" : plural(leaks, "leak");
  return { name, flag, bold, length: name.length + flag.length };
}
