/// <reference lib="dom" />
import type { PageData, TraceBatch } from "../page_data.ts";
import { BarPainter, ROW_HEIGHT } from "./bar_painter.ts";
import { Canvas } from "./canvas.ts";
import { paintAxis, paintBytes, paintOverview } from "./charts.ts";
import { byId } from "./dom.ts";
import { introduce, showScale, showTotals } from "./heading.ts";
import { nextLeak } from "./leak_sites.ts";
import { MarkPainter } from "./mark_painter.ts";
import { Model } from "./model.ts";
import { Moments } from "./moments.ts";
import { type Leak, Row } from "./row.ts";
import { RowList } from "./row_list.ts";
import { EVERYTHING, type Filter, Group, type Line, linesOf, selectRows } from "./selection.ts";
import { Side } from "./side.ts";
import { readTheme, type Theme } from "./theme.ts";
import { Tooltip } from "./tooltip.ts";
import { Viewport } from "./viewport.ts";

/** After a jump to a moment, at most this part of the whole time is visible. */
const JUMP = 0.1;
/** How often the list and the side panel of a live trace are updated, in ms. */
const SETTLE = 500;

/**
 * The state of the page, and how it is drawn. After a change, call `schedule()`: the next frame
 * draws all changes at once. A frame costs O(what is visible), however much was recorded.
 *
 * A live page calls {@linkcode View.append} with new events, as often as it likes, and
 * {@linkcode View.replace} with a new model, for example after older events were dropped. Neither
 * changes the selection or the visible time, but a view of the end follows it. The list and the
 * side panel are updated twice a second.
 */
export class View {
  model: Model;
  readonly viewport: Viewport;
  readonly tooltip: Tooltip;
  readonly moments: Moments;
  readonly side: Side;
  readonly list: HTMLElement = byId("rows");
  filter: Filter = EVERYTHING;
  /** The rows that pass the filter, and the lines of the list. */
  rows: readonly Row[] = [];
  lines: readonly Line[] = [];
  selected: Line | undefined;
  /** The selected leak. */
  leak: Leak | undefined;
  /** Called after each frame. */
  onchange: () => void = () => {};
  /** Called when the view itself changes the filter, or when the rows that pass it change. */
  onFilter: () => void = () => {};
  /** The headings in the list, by path. */
  readonly #groups = new Map<string, Group>();
  readonly #labels = new RowList();
  readonly #plot = new Canvas(byId<HTMLCanvasElement>("plot"));
  readonly #bytes = new Canvas(byId<HTMLCanvasElement>("bytes"));
  readonly #axis = new Canvas(byId<HTMLCanvasElement>("axis"));
  readonly #overview = new Canvas(byId<HTMLCanvasElement>("overview"));
  readonly #whole: Viewport;
  readonly #bars: BarPainter;
  readonly #marks: MarkPainter;
  #theme: Theme = readTheme();
  #scheduled = false;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(data: PageData) {
    this.model = new Model(data);
    this.viewport = new Viewport(this.model.duration);
    this.#whole = new Viewport(this.model.duration);
    this.#bars = new BarPainter(this.#plot, this.viewport);
    this.#marks = new MarkPainter(this.#plot, this.viewport);
    this.tooltip = new Tooltip(this);
    this.moments = new Moments(this);
    this.side = new Side(this);
    introduce(this.model);
    this.arrange({});
  }

  /** Adds new events. O(events of the batch). */
  append(batch: TraceBatch): void {
    this.model.append(batch);
    this.#grow();
  }

  /** Shows another model. The selection stays if the model has it. */
  replace(model: Model): void {
    const { selected } = this;
    this.model = model;
    this.leak = undefined;
    if (selected instanceof Row) {
      this.selected = this.model.rows.find(({ key }) => key === selected.key);
    }
    this.#grow();
    this.#settle();
  }

  /** Makes the trace at least `duration` long, because time goes on while nothing happens. */
  advance(duration: number): void {
    this.model.duration = Math.max(this.model.duration, duration);
    this.#grow();
  }

  #grow(): void {
    const { duration, data: { from } } = this.model;
    this.viewport.grow(duration, from);
    this.#whole.grow(duration, from);
    this.#settling ??= setTimeout(() => this.#settle(), SETTLE);
    this.#request();
  }

  /** Updates all texts of a live trace. */
  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    introduce(this.model);
    this.#arrange();
    this.side.refresh();
    this.onFilter();
    paintOverview(this.#overview, this.model, this.#whole, this.#theme);
    showScale(this.model, this.#bytes.height);
    this.#request();
  }

  /** Changes the filter. */
  arrange(change: Partial<Filter>): void {
    this.filter = { ...this.filter, ...change };
    this.#arrange();
    this.schedule();
  }

  #arrange(): void {
    const { model, filter, selected } = this;
    this.rows = selectRows(model.rows, filter);
    this.lines = linesOf(this.rows, filter, model.directories);
    this.#groups.clear();
    for (const line of this.lines) {
      if (line instanceof Group) this.#groups.set(line.directory.path, line);
    }
    if (selected instanceof Group) this.selected = this.#groups.get(selected.directory.path);
    byId("sizer").style.height = `${this.lines.length * ROW_HEIGHT}px`;
    showTotals(this);
  }

  /** Selects a line, scrolls to it, and shows a row in the side panel. */
  select(line: Line | undefined, leak?: Leak): void {
    this.selected = line;
    this.leak = leak;
    if (line instanceof Row) this.side.open("resource");
    else this.side.leave("resource");
    if (line !== undefined) this.#reveal(line);
    this.schedule();
  }

  /** Selects the line that is `lines` after the selected one, or before it if negative. */
  step(lines: number): void {
    if (this.lines.length === 0) return;
    const now = this.selected === undefined ? -1 : this.lines.indexOf(this.selected);
    const from = now === -1 && lines < 0 ? this.lines.length : now;
    this.select(this.lines[Math.max(0, Math.min(this.lines.length - 1, from + lines))]);
  }

  /** Folds or unfolds a directory. */
  fold({ directory: { path } }: Group, folded?: boolean): void {
    const paths = new Set(this.filter.folded);
    if (folded ?? !paths.has(path)) paths.add(path);
    else paths.delete(path);
    this.arrange({ folded: paths });
    this.#reveal(this.#groups.get(path)!);
  }

  /** Folds or unfolds all directories in the list. */
  foldAll(folded: boolean): void {
    const paths = folded ? this.rows.map(({ directory }) => directory) : [];
    this.arrange({ folded: new Set(paths) });
  }

  /**
   * Selects a row and shows a moment of it. Clears the filter and unfolds its directory if
   * necessary.
   */
  jump(row: Row, time?: number, leak?: Leak): void {
    this.list.focus({ preventScroll: true });
    const { order, grouped } = this.filter;
    if (!this.rows.includes(row)) this.arrange({ ...EVERYTHING, order, grouped });
    if (!this.lines.includes(row)) {
      const folded = new Set(this.filter.folded);
      folded.delete(row.directory);
      this.arrange({ folded });
    }
    this.onFilter();
    if (time !== undefined) {
      const span = Math.min(this.viewport.span, this.viewport.end * JUMP);
      this.viewport.show(time - span / 2, time + span / 2);
    }
    this.select(row, leak);
  }

  /** Shows the moment at which the handle of a leak was opened. */
  jumpToLeak(leak: Leak): void {
    this.jump(leak.row, leak.opened, leak);
  }

  /** Shows the next leak, or the one before, that passes the filter. */
  stepLeak(by: 1 | -1): void {
    const { openings } = this.model;
    const rows = new Set(this.rows);
    const shown = openings.filter(({ row }) => rows.has(row));
    const leak = nextLeak(shown.length > 0 ? shown : openings, this.leak, by);
    if (leak !== undefined) this.jumpToLeak(leak);
  }

  /** The heading that sticks to the top while its rows scroll below it. */
  get sticky(): Group | undefined {
    const first = this.lines[Math.floor(this.list.scrollTop / ROW_HEIGHT)];
    if (first instanceof Group && this.list.scrollTop % ROW_HEIGHT === 0) return undefined;
    if (!(this.lines[0] instanceof Group) || first === undefined) return undefined;
    if (first instanceof Group) return first.folded ? undefined : first;
    return this.#groups.get(first.directory);
  }

  /** The line at `y` CSS pixels from the top of the list. */
  lineAt(y: number): Line | undefined {
    if (y < ROW_HEIGHT && this.sticky !== undefined) return this.sticky;
    return this.lines[Math.floor((y + this.list.scrollTop) / ROW_HEIGHT)];
  }

  /** How many whole lines are visible. */
  get page(): number {
    return Math.max(1, Math.floor(this.list.clientHeight / ROW_HEIGHT));
  }

  /** Whether the list can be scrolled. */
  get scrolls(): boolean {
    return this.lines.length * ROW_HEIGHT > this.list.clientHeight;
  }

  /** Adapts to the current size and colours of the page. */
  refresh(): void {
    this.#theme = readTheme();
    byId("screen").style.height = `${this.list.clientHeight}px`;
    const bar = this.list.offsetWidth - this.list.clientWidth;
    byId("stage").style.setProperty("--bar", `${bar}px`);
    for (const canvas of [this.#plot, this.#bytes, this.#axis, this.#overview]) canvas.fit();
    this.viewport.width = this.#plot.width;
    this.#whole.width = this.#overview.width;
    paintOverview(this.#overview, this.model, this.#whole, this.#theme);
    showScale(this.model, this.#bytes.height);
    this.draw();
  }

  /** Draws once before the next frame. Hides the tooltip, because its target may move. */
  schedule(): void {
    this.tooltip.hide();
    this.#request();
  }

  #request(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.draw();
      this.onchange();
    });
  }

  draw(): void {
    const { model, viewport, selected } = this;
    const first = Math.floor(this.list.scrollTop / ROW_HEIGHT);
    const shift = this.list.scrollTop - first * ROW_HEIGHT;
    const lines = this.lines.slice(first, first + Math.ceil(this.#plot.height / ROW_HEIGHT) + 1);
    const { sticky } = this;
    const grouped = this.lines[0] instanceof Group;
    this.#labels.show(lines, { first, of: this.lines.length, shift, grouped, sticky });
    this.#labels.select(selected);
    const sight = { model, lines, shift, selected, sticky };
    this.#bars.paint(sight, this.#theme);
    this.#marks.paint(sight, this.leak, this.#theme);
    paintBytes(this.#bytes, model, viewport, this.#theme);
    paintAxis(this.#axis, model, viewport, this.#theme);
    this.moments.draw();
    this.#showWindow();
  }

  /** Scrolls to a line: just into view if it is near, otherwise to the middle. */
  #reveal(line: Line): void {
    const { scrollTop, clientHeight } = this.list;
    const top = this.lines.indexOf(line) * ROW_HEIGHT;
    const least = top - (this.lines[0] instanceof Group && line instanceof Row ? ROW_HEIGHT : 0);
    const most = top + ROW_HEIGHT - clientHeight;
    if (top < 0 || (least >= scrollTop && most <= scrollTop)) return;
    const near = clientHeight / 2;
    if (least < scrollTop - near || most > scrollTop + near) {
      this.list.scrollTop = top - (clientHeight - ROW_HEIGHT) / 2;
    } else this.list.scrollTop = least < scrollTop ? least : most;
  }

  /** Marks the visible time in the overview. */
  #showWindow(): void {
    const { style, classList } = byId("window");
    const left = this.#whole.xOf(this.viewport.from);
    style.transform = `translateX(${left}px)`;
    style.width = `${Math.max(3, this.#whole.xOf(this.viewport.to) - left)}px`;
    classList.toggle("whole", this.viewport.whole);
  }
}
