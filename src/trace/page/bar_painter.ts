/// <reference lib="dom" />
import { type Canvas, pixelOf, Raster } from "./canvas.ts";
import { Columns, peaksOf } from "./columns.ts";
import type { Model } from "./model.ts";
import { ABSENT, type Row } from "./row.ts";
import { countUpTo } from "./search.ts";
import { Group, type Line } from "./selection.ts";
import type { Theme } from "./theme.ts";
import type { Viewport } from "./viewport.ts";

/** The height of a line, in CSS pixels. */
export const ROW_HEIGHT = 26;
/** The bottom of a row's bars, from the top of the row. */
export const FLOOR = 22;
const TALLEST = 19;
const SHORTEST = 8;
const IDLE_HEIGHT = 4;
const LOADING_HEIGHT = 2;

/** The visible lines, moved up by `shift` CSS pixels. */
export interface Sight {
  readonly model: Model;
  readonly lines: readonly Line[];
  readonly shift: number;
  readonly selected: Line | undefined;
  /** The heading that sticks to the top. */
  readonly sticky?: Group | undefined;
}

/**
 * Draws the bars of references and the areas of bytes of directories, pixel by pixel because they
 * are many.
 */
export class BarPainter {
  readonly #canvas: Canvas;
  readonly #viewport: Viewport;
  #raster = new Raster(1, 1);
  #columns = new Columns(1);
  #span = { from: 0, to: 1, end: 1 };
  #peak = 1;

  constructor(canvas: Canvas, viewport: Viewport) {
    this.#canvas = canvas;
    this.#viewport = viewport;
  }

  paint({ model, lines, shift, selected, sticky }: Sight, theme: Theme): void {
    const { element, context, ratio } = this.#canvas;
    const { width, height } = element;
    if (this.#raster.width !== width || this.#raster.height !== height) {
      this.#raster = new Raster(width, height);
      this.#columns = new Columns(width);
    }
    const { from, to } = this.#viewport;
    this.#span = { from, to, end: this.#viewport.endOf(model.duration) };
    this.#peak = model.peak;
    const colours = coloursOf(theme);
    this.#raster.clear(colours.ground);
    this.#paintEnd(model.duration, colours);
    for (const [i, line] of lines.entries()) {
      const top = Math.round((i * ROW_HEIGHT - shift) * ratio);
      this.#paintLine(line, top, line === selected, colours);
    }
    if (sticky !== undefined) {
      this.#raster.fill(0, 0, width, Math.round(ROW_HEIGHT * ratio), colours.ground);
      this.#paintLine(sticky, 0, sticky === selected, colours);
    }
    this.#raster.show(context);
  }

  /** Greys out the time after the end of the trace. */
  #paintEnd(duration: number, colours: Colours): void {
    const x = Math.ceil(this.#viewport.xOf(duration) * this.#canvas.ratio);
    this.#raster.fill(x, 0, this.#raster.width, this.#raster.height, colours.panel);
  }

  /** The thickness of a line, in device pixels. Pale areas get such a line on top for contrast. */
  get #edge(): number {
    return Math.max(1, Math.round(this.#canvas.ratio));
  }

  #paintLine(line: Line, top: number, selected: boolean, colours: Colours): void {
    const { ratio } = this.#canvas;
    const raster = this.#raster;
    const size = Math.round(ROW_HEIGHT * ratio);
    if (selected) raster.fill(0, top, raster.width, size, colours.selected);
    else if (line instanceof Group) raster.fill(0, top, raster.width, size, colours.panel);
    raster.fill(0, top + size - this.#edge, raster.width, this.#edge, colours.line);
    if (line instanceof Group) this.#paintGroup(line, top, colours);
    else this.#paintRow(line, top, colours);
  }

  /** Draws the bytes of a directory, in proportion to its peak. */
  #paintGroup({ directory: { totals } }: Group, top: number, colours: Colours): void {
    const { ratio } = this.#canvas;
    const floor = top + Math.round(FLOOR * ratio);
    const scale = TALLEST * ratio / Math.max(1, totals.resident.peak);
    const resident = peaksOf(totals.resident, this.#span, this.#raster.width);
    const live = peaksOf(totals.live, this.#span, this.#raster.width);
    this.#paintArea(resident, { floor, scale, fill: colours.edge });
    this.#paintArea(live, { floor, scale, fill: colours.group });
    this.#paintArea(resident, { floor, scale, edge: colours.muted });
  }

  /** Fills the area below `bytes`, or draws its edge. Equal columns are drawn together. */
  #paintArea(
    bytes: Float64Array,
    { floor, scale, fill, edge }: { floor: number; scale: number; fill?: number; edge?: number },
  ): void {
    const raster = this.#raster;
    let left = 0;
    for (let x = 1; x <= bytes.length; x++) {
      if (bytes[x] === bytes[left]) continue;
      const height = Math.ceil(bytes[left]! * scale);
      const top = floor - height;
      if (fill !== undefined) raster.fill(left, top, x - left, height, fill);
      if (edge !== undefined && height > 0) raster.fill(left, top, x - left, this.#edge, edge);
      left = x;
    }
  }

  #paintRow(row: Row, top: number, colours: Colours): void {
    this.#paintLoading(row, top, colours);
    this.#paintBars(row, top + Math.round(FLOOR * this.#canvas.ratio), colours);
  }

  /** Draws a thin line while a resource is being loaded. */
  #paintLoading({ stays }: Row, top: number, colours: Colours): void {
    const { ratio } = this.#canvas;
    const { from, to } = this.#viewport;
    const height = Math.round(LOADING_HEIGHT * ratio);
    const y = top + Math.round(FLOOR * ratio) - height;
    let last = -1;
    for (let i = countUpTo(stays, from, (stay) => stay.from); i < stays.length; i++) {
      const { from: end, loading = 0 } = stays[i]!;
      if (i > 0 && stays[i - 1]!.to > to) break;
      const right = Math.round(this.#viewport.xOf(end) * ratio);
      const x = Math.max(last, Math.round(this.#viewport.xOf(end - loading) * ratio));
      if (right > x) this.#raster.fill(x, y, right - x, height, colours.loading);
      last = Math.max(last, right);
      // Skips those that end within the same pixel.
      i = Math.max(
        i,
        countUpTo(stays, this.#viewport.timeAt(right / ratio), (stay) => stay.from) - 1,
      );
    }
  }

  /** Draws the bars. Equal columns are drawn together. */
  #paintBars(row: Row, floor: number, colours: Colours): void {
    const columns = this.#columns;
    const { high, low, idle } = columns;
    columns.fill(row.counts, this.#span);
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
    raster.fill(x, floor - height, width, this.#edge, colours.live);
  }

  /**
   * The height of a bar, in device pixels: logarithmic, so that 1 and 2 differ even beside 1000.
   */
  #heightOf(count: number): number {
    if (count <= 0) return 0;
    const part = Math.log2(count) / Math.max(1, Math.log2(this.#peak));
    return Math.round((SHORTEST + (TALLEST - SHORTEST) * part) * this.#canvas.ratio);
  }
}

/** The colours of bars, as pixels. */
type Colours = Record<(typeof COLOURS)[number], number>;

const COLOURS = [
  ...["ground", "panel", "selected", "line", "edge", "group", "muted"] as const,
  ...["live", "flicker", "idle", "loading"] as const,
] as const;

function coloursOf(theme: Theme): Colours {
  return Object.fromEntries(COLOURS.map((name) => [name, pixelOf(theme[name])])) as Colours;
}
