/// <reference lib="dom" />
import { Canvas } from "./canvas.ts";
import { byteLabels, paintAxis, paintBytes, paintOverview } from "./charts.ts";
import { Details } from "./details.ts";
import { byId, make } from "./dom.ts";
import type { Model, Row } from "./model.ts";
import { RowList } from "./row_list.ts";
import { ROW_HEIGHT, RowPainter } from "./row_painter.ts";
import { type Order, selectRows } from "./selection.ts";
import { formatBytes, formatCount, formatDuration, plural } from "./text.ts";
import { readTheme, type Theme } from "./theme.ts";
import { Tooltip } from "./tooltip.ts";
import { Viewport } from "./viewport.ts";

/** How much of the width a moment that was jumped to may fill at most. */
const JUMP = 0.1;

/** What is shown, and how. After a change, ask for a frame. */
export class View {
  readonly model: Model;
  readonly viewport: Viewport;
  readonly tooltip: Tooltip;
  readonly list: HTMLElement = byId("rows");
  readonly #details: Details;
  readonly #labels = new RowList();
  readonly #painter: RowPainter;
  readonly #whole: Viewport;
  readonly #plot = new Canvas(byId<HTMLCanvasElement>("plot"));
  readonly #bytes = new Canvas(byId<HTMLCanvasElement>("bytes"));
  readonly #axis = new Canvas(byId<HTMLCanvasElement>("axis"));
  readonly #overview = new Canvas(byId<HTMLCanvasElement>("overview"));
  #theme: Theme = readTheme();
  #rows: readonly Row[];
  #query = "";
  #order: Order = "first";
  #selected: Row | undefined;
  #scheduled = false;

  constructor(model: Model) {
    this.model = model;
    this.viewport = new Viewport(model.data.duration);
    this.#whole = new Viewport(model.data.duration);
    this.tooltip = new Tooltip(model, this.viewport);
    this.#details = new Details(model, (row, time) => this.jump(row, time));
    this.#painter = new RowPainter(this.#plot, model, this.viewport);
    this.#rows = model.rows;
    this.#introduce();
    this.#details.show(undefined);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  get selected(): Row | undefined {
    return this.#selected;
  }

  /** Shows the rows that match `query`, sorted by `order`. */
  arrange({ query = this.#query, order = this.#order }: { query?: string; order?: Order }): void {
    this.#query = query;
    this.#order = order;
    this.#rows = selectRows(this.model.rows, query, order);
    byId("sizer").style.height = `${this.#rows.length * ROW_HEIGHT}px`;
    byId("none").hidden = this.#rows.length > 0;
    const all = this.model.rows.length;
    byId("none").textContent = all === 0 ? "Nothing was in memory." : "No resource matches.";
    byId("matches").textContent = this.#rows.length === all
      ? plural(all, "resource")
      : `${formatCount(this.#rows.length)} of ${plural(all, "resource")}`;
    this.list.scrollTop = 0;
    this.schedule();
  }

  select(row: Row | undefined): void {
    this.#selected = row;
    this.#details.show(row);
    if (row !== undefined) this.#reveal(row);
    this.schedule();
  }

  /** Selects the row so many places from the selected one. */
  step(rows: number): void {
    if (this.#rows.length === 0) return;
    const now = this.#selected === undefined ? -1 : this.#rows.indexOf(this.#selected);
    const from = now === -1 && rows < 0 ? this.#rows.length : now;
    this.select(this.#rows[Math.max(0, Math.min(this.#rows.length - 1, from + rows))]);
  }

  /** Selects a row, also one that the search has left out, and shows a moment of it. */
  jump(row: Row | undefined, time?: number): void {
    this.list.focus();
    if (row === undefined) return this.select(row);
    if (!this.#rows.includes(row)) {
      byId<HTMLInputElement>("query").value = "";
      this.arrange({ query: "" });
    }
    if (time !== undefined) {
      const span = Math.min(this.viewport.span, this.viewport.end * JUMP);
      this.viewport.show(time - span / 2, time + span / 2);
    }
    this.select(row);
  }

  /** The row at so many CSS pixels from the top of the list. */
  rowAt(y: number): Row | undefined {
    return this.#rows[Math.floor((y + this.list.scrollTop) / ROW_HEIGHT)];
  }

  /** How many whole rows are in sight. */
  get page(): number {
    return Math.max(1, Math.floor(this.list.clientHeight / ROW_HEIGHT));
  }

  /** Whether there are more rows than fit. */
  get scrolls(): boolean {
    return this.#rows.length * ROW_HEIGHT > this.list.clientHeight;
  }

  /** Takes the size and the colours that the page has now. */
  refresh(): void {
    this.#theme = readTheme();
    byId("screen").style.height = `${this.list.clientHeight}px`;
    const bar = this.list.offsetWidth - this.list.clientWidth;
    byId("stage").style.setProperty("--bar", `${bar}px`);
    for (const canvas of [this.#plot, this.#bytes, this.#axis, this.#overview]) canvas.fit();
    this.viewport.width = this.#plot.width;
    this.#whole.width = this.#overview.width;
    paintOverview(this.#overview, this.model, this.#whole, this.#theme);
    byId("scale").replaceChildren(...byteLabels(this.model, this.#bytes.height).map(byteLabel));
    this.draw();
  }

  /** Draws before the next frame, once. What the pointer is on may be elsewhere then. */
  schedule(): void {
    this.tooltip.hide();
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.draw();
    });
  }

  draw(): void {
    const first = Math.floor(this.list.scrollTop / ROW_HEIGHT);
    const shift = this.list.scrollTop - first * ROW_HEIGHT;
    const rows = this.#rows.slice(first, first + Math.ceil(this.#plot.height / ROW_HEIGHT) + 1);
    this.#labels.show(rows, { first, of: this.#rows.length, shift });
    this.#labels.select(this.#selected);
    this.#painter.paint({ rows, shift, selected: this.#selected }, this.#theme);
    paintBytes(this.#bytes, this.model, this.viewport, this.#theme);
    paintAxis(this.#axis, this.viewport, this.#theme);
    this.#showWindow();
  }

  #reveal(row: Row): void {
    const top = this.#rows.indexOf(row) * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.list;
    if (top < 0 || (top >= scrollTop && top + ROW_HEIGHT <= scrollTop + clientHeight)) return;
    this.list.scrollTop = top < scrollTop ? top : top + ROW_HEIGHT - clientHeight;
  }

  /** Shows in the overview which part of the time is in sight. */
  #showWindow(): void {
    const { style, classList } = byId("window");
    const left = this.#whole.xOf(this.viewport.from);
    style.transform = `translateX(${left}px)`;
    style.width = `${Math.max(3, this.#whole.xOf(this.viewport.to) - left)}px`;
    classList.toggle("whole", this.viewport.whole);
  }

  #introduce(): void {
    const { data, rows, leaks } = this.model;
    document.title = data.title;
    byId("title").textContent = data.title;
    const budget = data.budget === undefined ? "" : `, budget ${formatBytes(data.budget)}`;
    const memory = `peak ${formatBytes(this.model.peakBytes)}${budget}`;
    byId("summary").textContent = [
      plural(rows.length, "resource"),
      formatDuration(data.duration),
      memory,
      plural(leaks, "leak"),
    ].join(" · ");
    byId("bytes").ariaLabel = `Memory over time: ${memory}`;
    byId("unfreed").hidden = this.model.waiting.times.length === 0;
    byId("notice").hidden = data.forgotten === 0;
    byId("notice").textContent = `${plural(data.forgotten, "older event")} did not fit. ` +
      `The trace shows what happened since. Record more with maxEvents.`;
  }
}

function byteLabel({ y, text }: { y: number; text: string }): Node {
  const label = make("span", "", text);
  label.style.top = `${y}px`;
  return label;
}
