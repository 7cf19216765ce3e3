/// <reference lib="dom" />
import { Columns } from "./columns.ts";
import { type Canvas, FONT, pixelOf, Raster } from "./canvas.ts";
import { ABSENT, type Mark, type Model, type Row } from "./model.ts";
import { countUpTo } from "./search.ts";
import { siteOf } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { Viewport } from "./viewport.ts";

/** The height of a row, in CSS pixels. */
export const ROW_HEIGHT = 26;
/** Where the bars of a row stand, from its top. */
const FLOOR = 22;
const TALLEST = 19;
const SHORTEST = 8;
const IDLE_HEIGHT = 4;
const LOADING_HEIGHT = 2;
/** No mark reaches farther to the side. */
const MARK = 10;

/** The rows that are in sight, from the one at `first`, moved up by `shift` CSS pixels. */
export interface Sight {
  readonly rows: readonly Row[];
  readonly shift: number;
  readonly selected: Row | undefined;
}

/** Draws rows: what changes slowly by pixels, and marks on top of it. */
export class RowPainter {
  readonly #canvas: Canvas;
  readonly #model: Model;
  readonly #viewport: Viewport;
  #raster = new Raster(1, 1);
  #columns = new Columns(1);

  constructor(canvas: Canvas, model: Model, viewport: Viewport) {
    this.#canvas = canvas;
    this.#model = model;
    this.#viewport = viewport;
  }

  paint(sight: Sight, theme: Theme): void {
    const { element, context, ratio } = this.#canvas;
    const { width, height } = element;
    if (this.#raster.width !== width || this.#raster.height !== height) {
      this.#raster = new Raster(width, height);
      this.#columns = new Columns(width);
    }
    const colours = coloursOf(theme);
    this.#raster.clear(colours.ground);
    this.#paintEnd(colours);
    for (const [i, row] of sight.rows.entries()) {
      const top = Math.round((i * ROW_HEIGHT - sight.shift) * ratio);
      this.#paintRow(row, top, row === sight.selected, colours);
    }
    this.#raster.show(context);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const [i, row] of sight.rows.entries()) {
      this.#paintMarks(row, i * ROW_HEIGHT - sight.shift, theme);
    }
  }

  /** Nothing is known of what came after the trace. */
  #paintEnd(colours: Colours): void {
    const x = Math.ceil(this.#viewport.xOf(this.#model.data.duration) * this.#canvas.ratio);
    this.#raster.fill(x, 0, this.#raster.width, this.#raster.height, colours.panel);
  }

  #paintRow(row: Row, top: number, selected: boolean, colours: Colours): void {
    const { ratio } = this.#canvas;
    const raster = this.#raster;
    const size = Math.round(ROW_HEIGHT * ratio);
    if (selected) raster.fill(0, top, raster.width, size, colours.selected);
    const line = Math.max(1, Math.round(ratio));
    raster.fill(0, top + size - line, raster.width, line, colours.line);
    this.#paintLoading(row, top, colours);
    this.#paintBars(row, top + Math.round(FLOOR * ratio), colours);
  }

  /** A thin line before a resource is there: it is being loaded. */
  #paintLoading(row: Row, top: number, colours: Colours): void {
    const { ratio } = this.#canvas;
    const { from, to } = this.#viewport;
    const height = Math.round(LOADING_HEIGHT * ratio);
    const y = top + Math.round(FLOOR * ratio) - height;
    for (const { from: end, loading = 0 } of row.stays) {
      if (loading === 0 || end < from || end - loading > to) continue;
      const x = Math.round(this.#viewport.xOf(end - loading) * ratio);
      const right = Math.round(this.#viewport.xOf(end) * ratio);
      this.#raster.fill(x, y, Math.max(0, right - x), height, colours.loading);
    }
  }

  /** The bars, columns that are alike together. */
  #paintBars(row: Row, floor: number, colours: Colours): void {
    const columns = this.#columns;
    const { high, low, idle } = columns;
    columns.fill(row, this.#viewport.from, this.#viewport.to);
    let left = 0;
    for (let x = 1; x <= high.length; x++) {
      const same = x < high.length && high[x] === high[left] && low[x] === low[left] &&
        idle[x] === idle[left];
      if (same) continue;
      if (high[left] !== ABSENT) this.#paintBar(left, x - left, floor, colours);
      left = x;
    }
  }

  #paintBar(x: number, width: number, floor: number, colours: Colours): void {
    const { high, low, idle } = this.#columns;
    const raster = this.#raster;
    if (high[x]! > 0) {
      const tall = this.#heightOf(high[x]!);
      const solid = this.#heightOf(low[x]!);
      raster.fill(x, floor - tall, width, tall - solid, colours.flicker);
      raster.fill(x, floor - solid, width, solid, colours.live);
    }
    if (idle[x] === 0) return;
    const height = Math.round(IDLE_HEIGHT * this.#canvas.ratio);
    raster.fill(x, floor - height, width, height, colours.idle);
  }

  /** How high a bar is, in device pixels: by the logarithm, for one and two must differ beside 1 000. */
  #heightOf(count: number): number {
    if (count <= 0) return 0;
    const part = Math.log2(count) / Math.max(1, Math.log2(this.#model.peak));
    return Math.round((SHORTEST + (TALLEST - SHORTEST) * part) * this.#canvas.ratio);
  }

  #paintMarks({ marks }: Row, top: number, theme: Theme): void {
    const { context, width } = this.#canvas;
    const leaks: Mark[] = [];
    let last: { kind: string; x: number } = { kind: "", x: -Infinity };
    const first = countUpTo(marks, this.#viewport.timeAt(-MARK), timeOf);
    for (let i = first; i < marks.length; i++) {
      const mark = marks[i]!;
      const x = this.#viewport.xOf(mark.time);
      if (x > width + MARK) break;
      if (mark.kind === last.kind && x - last.x < 2) continue;
      last = { kind: mark.kind, x };
      context.fillStyle = theme[mark.kind];
      paintMark(context, mark.kind, x, top);
      if (mark.leak !== undefined) leaks.push(mark);
    }
    this.#paintSites(leaks, top, theme);
  }

  /** Where leaked handles were opened, beside their marks, as far as there is room. */
  #paintSites(leaks: readonly Mark[], top: number, theme: Theme): void {
    const { context, width } = this.#canvas;
    context.font = FONT;
    context.textBaseline = "middle";
    let free = -Infinity;
    for (const { time, leak } of leaks) {
      const text = leak!.stack === undefined ? leak!.label ?? "" : siteOf(leak!.stack);
      const x = this.#viewport.xOf(time);
      const length = context.measureText(text).width + 14;
      const left = x + 12 + length > width ? Math.max(2, x - 6 - length) : x + 12;
      if (text === "" || left < free) continue;
      free = left + length + 16;
      paintPill(context, left, top + 3.5, { text, length, theme });
    }
  }
}

function paintPill(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  { text, length, theme }: { text: string; length: number; theme: Theme },
): void {
  context.beginPath();
  context.roundRect(left, top, length, 18, 9);
  context.fillStyle = theme.ground;
  context.fill();
  context.strokeStyle = context.fillStyle = theme.leak;
  context.stroke();
  context.fillText(text, left + 7, top + 9.5);
}

function timeOf({ time }: Mark): number {
  return time;
}

/**
 * What each kind of mark looks like, from the top of its row: they differ by their shape, too. A stem
 * down to the floor begins at `stem`, and is `width` wide; corners are x and y.
 */
const SHAPES: Record<Mark["kind"], { stem: number; width: number; corners: number[][] }> = {
  leak: { stem: 2, width: 2, corners: [[0, 2], [9, 6], [0, 10]] }, // a flag
  evict: { stem: 9, width: 1, corners: [[-4.5, 4], [4.5, 4], [0, 11]] }, // a triangle
  reload: { stem: 10, width: 1, corners: [[0, 2], [4.5, 6.5], [0, 11], [-4.5, 6.5]] }, // a diamond
};

function paintMark(
  context: CanvasRenderingContext2D,
  kind: Mark["kind"],
  x: number,
  top: number,
): void {
  const { stem, width, corners } = SHAPES[kind];
  const foot = kind === "leak" ? ROW_HEIGHT - 3 : FLOOR;
  context.fillRect(x - width / 2, top + stem, width, foot - stem);
  context.beginPath();
  for (const [dx, dy] of corners) context.lineTo(x + dx!, top + dy!);
  context.fill();
}

/** The colours of bars, as pixels. */
type Colours = Record<(typeof COLOURS)[number], number>;

const COLOURS = [
  ...["ground", "panel", "selected", "line"] as const,
  ...["live", "flicker", "idle", "loading"] as const,
] as const;

function coloursOf(theme: Theme): Colours {
  return Object.fromEntries(COLOURS.map((name) => [name, pixelOf(theme[name])])) as Colours;
}
