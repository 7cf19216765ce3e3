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

/** How much of the width a moment that was jumped to may fill at most. */
const JUMP = 0.1;
/** How often the list and the side of a live trace are made anew, in ms. */
const SETTLE = 500;

/**
 * What is shown, and how. After a change, ask for a frame by `schedule()`: all that was changed before
 * a frame is drawn in it, once, and that costs what is in sight, not what was recorded.
 *
 * A live page calls {@linkcode View.append} for what has come since the last call, as often as it
 * likes, and {@linkcode View.replace} when it has all anew, as after older events were dropped.
 * Neither changes what somebody looks at: a view of the end follows it, and any other stays. The list
 * and the side follow twice a second.
 */
export class View {
  model: Model;
  readonly viewport: Viewport;
  readonly tooltip: Tooltip;
  readonly moments: Moments;
  readonly side: Side;
  readonly list: HTMLElement = byId("rows");
  filter: Filter = EVERYTHING;
  /** What the filter lets through, and the lines of that. */
  rows: readonly Row[] = [];
  lines: readonly Line[] = [];
  selected: Line | undefined;
  /** The leak that somebody looks at. */
  leak: Leak | undefined;
  /** Called after each frame that was drawn. */
  onchange: () => void = () => {};
  /** Called when the filter, or what it lets through, is another by itself. */
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

  /** Adds what has come since. O(events of the batch). */
  append(batch: TraceBatch): void {
    this.model.append(batch);
    this.#grow();
  }

  /** Shows another trace in the place of this one: what is looked at stays, as far as it is in that. */
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

  /** Time goes on, also while nothing happens: the trace is at least so long now. */
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

  /** Brings what is written to what a live trace has become. */
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

  /** Shows other rows, or in another order, from the first on. */
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

  /** Selects a line, and shows what there is to say of it. */
  select(line: Line | undefined, leak?: Leak): void {
    this.selected = line;
    this.leak = leak;
    if (line instanceof Row) this.side.open("resource");
    else this.side.leave("resource");
    if (line !== undefined) this.#reveal(line);
    this.schedule();
  }

  /** Selects the line so many places from the selected one. */
  step(lines: number): void {
    if (this.lines.length === 0) return;
    const now = this.selected === undefined ? -1 : this.lines.indexOf(this.selected);
    const from = now === -1 && lines < 0 ? this.lines.length : now;
    this.select(this.lines[Math.max(0, Math.min(this.lines.length - 1, from + lines))]);
  }

  /** Folds a directory, or unfolds it. */
  fold({ directory: { path } }: Group, folded?: boolean): void {
    const paths = new Set(this.filter.folded);
    if (folded ?? !paths.has(path)) paths.add(path);
    else paths.delete(path);
    this.arrange({ folded: paths });
    this.#reveal(this.#groups.get(path)!);
  }

  /** Folds all directories that are listed, or unfolds all. */
  foldAll(folded: boolean): void {
    const paths = folded ? this.rows.map(({ directory }) => directory) : [];
    this.arrange({ folded: new Set(paths) });
  }

  /** Selects a row, also one that is left out or folded away, and shows a moment of it. */
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

  /** Goes to where the handle of a leak was opened. */
  jumpToLeak(leak: Leak): void {
    this.jump(leak.row, leak.opened, leak);
  }

  /** Goes to the cause of the next leak, or of the one before it. */
  stepLeak(by: 1 | -1): void {
    const { openings } = this.model;
    const rows = new Set(this.rows);
    const shown = openings.filter(({ row }) => rows.has(row));
    const leak = nextLeak(shown.length > 0 ? shown : openings, this.leak, by);
    if (leak !== undefined) this.jumpToLeak(leak);
  }

  /** The heading that stays on top while its rows are scrolled below it. */
  get sticky(): Group | undefined {
    const first = this.lines[Math.floor(this.list.scrollTop / ROW_HEIGHT)];
    if (first instanceof Group && this.list.scrollTop % ROW_HEIGHT === 0) return undefined;
    if (!(this.lines[0] instanceof Group) || first === undefined) return undefined;
    if (first instanceof Group) return first.folded ? undefined : first;
    return this.#groups.get(first.directory);
  }

  /** The line at so many CSS pixels from the top of the list. */
  lineAt(y: number): Line | undefined {
    if (y < ROW_HEIGHT && this.sticky !== undefined) return this.sticky;
    return this.lines[Math.floor((y + this.list.scrollTop) / ROW_HEIGHT)];
  }

  /** How many whole lines are in sight. */
  get page(): number {
    return Math.max(1, Math.floor(this.list.clientHeight / ROW_HEIGHT));
  }

  /** Whether there are more lines than fit. */
  get scrolls(): boolean {
    return this.lines.length * ROW_HEIGHT > this.list.clientHeight;
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
    showScale(this.model, this.#bytes.height);
    this.draw();
  }

  /** Draws before the next frame, once. What the pointer is on may be elsewhere then. */
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

  /** Scrolls to a line: as little as need be if it is near, and else into the middle. */
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

  /** Shows in the overview which part of the time is in sight. */
  #showWindow(): void {
    const { style, classList } = byId("window");
    const left = this.#whole.xOf(this.viewport.from);
    style.transform = `translateX(${left}px)`;
    style.width = `${Math.max(3, this.#whole.xOf(this.viewport.to) - left)}px`;
    classList.toggle("whole", this.viewport.whole);
  }
}
