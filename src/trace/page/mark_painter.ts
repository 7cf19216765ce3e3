/// <reference lib="dom" />
import { FLOOR, ROW_HEIGHT, type Sight } from "./bar_painter.ts";
import { type Canvas, FONT } from "./canvas.ts";
import { type Leak, openingOf, reportOf, type Row } from "./row.ts";
import { countUpTo, itself } from "./search.ts";
import { Group, scopeOf } from "./selection.ts";
import type { Theme } from "./theme.ts";
import { eachApart, type Viewport } from "./viewport.ts";

/**
 * The line from the opening of a leaked handle to its report: its top and its height, in CSS
 * pixels.
 */
const LEAKING = 22;
const LEAKING_HEIGHT = 2;
/** The radius of the dot at the opening. */
const DOT = 3.5;
/** Marks of one kind that are closer together are drawn as one, in CSS pixels. */
const APART = 2;

/** Draws evictions, reloads and leaks on top of the bars. */
export class MarkPainter {
  readonly #canvas: Canvas;
  readonly #viewport: Viewport;

  constructor(canvas: Canvas, viewport: Viewport) {
    this.#canvas = canvas;
    this.#viewport = viewport;
  }

  paint({ lines, shift, sticky }: Sight, leak: Leak | undefined, theme: Theme): void {
    const { context, ratio, width, height } = this.#canvas;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.save();
    context.beginPath();
    context.rect(0, sticky === undefined ? 0 : ROW_HEIGHT, width, height);
    context.clip();
    for (const [i, line] of lines.entries()) {
      const top = i * ROW_HEIGHT - shift;
      if (!(line instanceof Group)) this.#paintRow(line, top, theme);
      else if (line.folded) { for (const row of line.leaking) this.#paintLeaks(row, top, theme); }
      if (leak !== undefined && line === leak.row) this.#paintSelected(leak, top, theme);
    }
    context.restore();
  }

  #paintRow(row: Row, top: number, theme: Theme): void {
    const { context } = this.#canvas;
    for (const [times, kind] of [[row.reloads, "reload"], [row.evictions, "evict"]] as const) {
      context.fillStyle = theme[kind];
      eachApart(times, itself, this.#viewport, APART, (_, x) => paintMark(context, kind, x, top));
    }
    if (row.leaks.length === 0) return;
    this.#paintLeaks(row, top, theme);
    this.#paintSites(row.openings, top, theme);
  }

  /** Draws a line from the opening of each leaked handle to its report. */
  #paintLeaks({ leaks, leaking, openings }: Row, top: number, theme: Theme): void {
    const { context, width } = this.#canvas;
    const viewport = this.#viewport;
    context.fillStyle = theme.leak;
    let i = countUpTo(leaking, viewport.from, ({ to }) => to);
    while (i < leaking.length && leaking[i]!.from <= viewport.to) {
      const left = Math.max(-1, viewport.xOf(leaking[i]!.from));
      const right = Math.min(width + 1, Math.max(left + 1, viewport.xOf(leaking[i]!.to)));
      context.fillRect(left, top + LEAKING, right - left, LEAKING_HEIGHT);
      i = Math.max(i + 1, countUpTo(leaking, viewport.timeAt(right), ({ to }) => to));
    }
    eachApart(openings, openingOf, viewport, APART, ({ opened, reported }, x) => {
      if (opened < reported) paintDot(context, x, top + LEAKING + LEAKING_HEIGHT / 2, DOT);
    });
    eachApart(leaks, reportOf, viewport, APART, (_, x) => paintMark(context, "leak", x, top));
  }

  /** Highlights the selected leak. */
  #paintSelected({ opened, reported }: Leak, top: number, theme: Theme): void {
    const { context } = this.#canvas;
    const left = this.#viewport.xOf(opened);
    const right = Math.max(left + 1, this.#viewport.xOf(reported));
    context.fillStyle = theme.leak;
    context.fillRect(left, top + LEAKING - 1, right - left, LEAKING_HEIGHT + 1);
    const y = top + LEAKING + LEAKING_HEIGHT / 2 - 1;
    paintDot(context, left, y, DOT + 2);
    context.fillStyle = theme.ground;
    paintDot(context, left, y, DOT - 0.5);
  }

  /** Writes the call sites of leaked handles beside their openings, where there is room. */
  #paintSites(leaks: readonly Leak[], top: number, theme: Theme): void {
    const { context, width } = this.#canvas;
    context.font = FONT;
    context.textBaseline = "middle";
    let free = -Infinity;
    eachApart(leaks, openingOf, this.#viewport, APART, (leak, opening) => {
      const text = leak.site || scopeOf(leak);
      if (text === "" || opening + 12 < free) return;
      const length = context.measureText(text).width + 14;
      const report = this.#viewport.xOf(leak.reported);
      // If there is no room between the two marks, the text stands after both.
      const x = report - opening > length + 24 ? opening : report;
      const left = x + 12 + length > width ? Math.max(2, x - 6 - length) : x + 12;
      if (left < free) return;
      free = left + length + 16;
      paintPill(context, left, top + 3.5, { text, length, theme });
    });
  }
}

function paintDot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
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

/** The kinds of marks in a row. */
export type MarkKind = "evict" | "reload" | "leak";

/**
 * The shape of each mark, in CSS pixels from the top of its row. The kinds differ in shape as well
 * as in colour. A stem of the width `width` runs from `stem` down to the floor; corners are x and
 * y.
 */
const SHAPES: Record<MarkKind, { stem: number; width: number; corners: number[][] }> = {
  leak: { stem: 2, width: 2, corners: [[0, 2], [9, 6], [0, 10]] }, // a flag
  evict: { stem: 9, width: 1, corners: [[-4.5, 4], [4.5, 4], [0, 11]] }, // a triangle
  reload: { stem: 10, width: 1, corners: [[0, 2], [4.5, 6.5], [0, 11], [-4.5, 6.5]] }, // a diamond
};

function paintMark(
  context: CanvasRenderingContext2D,
  kind: MarkKind,
  x: number,
  top: number,
): void {
  const { stem, width, corners } = SHAPES[kind];
  const foot = kind === "leak" ? ROW_HEIGHT - 3 : FLOOR;
  const left = Math.round(x - width / 2);
  context.fillRect(left, top + stem, width, foot - stem);
  context.beginPath();
  for (const [dx, dy] of corners) context.lineTo(left + width / 2 + dx!, top + dy!);
  context.fill();
}
