/// <reference lib="dom" />
import { type Canvas, FONT } from "./canvas.ts";
import { areasOf } from "./columns.ts";
import type { Model } from "./model.ts";
import { countUpTo } from "./search.ts";
import { formatBytes, formatTime, ticks } from "./text.ts";
import type { Theme } from "./theme.ts";
import type { Viewport } from "./viewport.ts";

/** Room above the highest bytes, as a part of them. */
const HEADROOM = 1.18;
/** A budget that is so many times the peak is out of sight: else the bytes would be a flat line. */
const FAR = 4;
const TICK_WIDTH = 90;
/** The height of the strip that shows when the budget is exceeded. */
const STRIP = 4;
/** So much room the text beside the chart needs above and below. */
const TEXT_ROOM = 9;

/** The bytes that reach the top of the chart. */
export function ceilingOf({ peakMemory, data: { budget = 0 } }: Model): number {
  const highest = budget > FAR * peakMemory ? peakMemory : Math.max(peakMemory, budget);
  return Math.max(4, highest * HEADROOM);
}

/** Draws live, idle and unfreed bytes as areas, and the budget as a line. */
export function paintBytes(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.ground);
  const { width, height } = canvas;
  const ceiling = ceilingOf(model);
  context.fillStyle = theme.line;
  for (const bytes of ticks(0, ceiling, 3).at) {
    context.fillRect(0, Math.round(height * (1 - bytes / ceiling)) - 1, width, 1);
  }
  paintAreas(canvas, model, viewport, [theme.edge, theme.idle, theme.live]);
  paintExcesses(canvas, model, viewport, theme);
  paintCrossings(canvas, model, viewport, theme);
  const { budget } = model.data;
  if (budget === undefined || budget > ceiling) return;
  const y = Math.round(height * (1 - budget / ceiling)) + 0.5;
  context.strokeStyle = theme.text;
  context.setLineDash([6, 4]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  context.setLineDash([]);
}

/** Draws all of the time, small. */
export function paintOverview(canvas: Canvas, model: Model, whole: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.ground);
  paintAreas(canvas, model, whole, [theme.line, theme.line, theme.edge]);
  for (const kind of ["evict", "reload", "leak"] as const) {
    context.fillStyle = theme[kind];
    const height = kind === "leak" ? canvas.height : 5;
    let last = -Infinity;
    for (const { marks } of model.rows) {
      for (const mark of marks) {
        const x = whole.xOf(mark.time);
        if (mark.kind !== kind || Math.abs(x - last) < 0.5) continue;
        context.fillRect(last = x, 0, 1.5, height);
      }
    }
  }
}

/** Fills all that takes memory with one colour, what is resident of it with another, and what is live. */
function paintAreas(
  canvas: Canvas,
  model: Model,
  viewport: Viewport,
  [taken, resident, alive]: readonly [string, string, string],
): void {
  const { context, element, width, height } = canvas;
  const { from, to } = viewport;
  const { live, all, memory } = areasOf(model.totals, from, to, element.width);
  const scale = height / ceilingOf(model);
  for (const [bytes, colour] of [[memory, taken], [all, resident], [live, alive]] as const) {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x < bytes.length; x++) {
      if (x > 0 && bytes[x] === bytes[x - 1]) continue;
      const left = x / element.width * width;
      if (x > 0) context.lineTo(left, height - bytes[x - 1]! * scale);
      context.lineTo(left, height - bytes[x]! * scale);
    }
    context.lineTo(width, height - (bytes.at(-1) ?? 0) * scale);
    context.lineTo(width, height);
    context.fill();
  }
}

/** Shows on top when room was being made, and when live resources alone exceeded the budget. */
function paintExcesses(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const { excesses } = model;
  let drawn = 0;
  const begin = Math.max(0, countUpTo(excesses, viewport.from, ({ from }) => from) - 1);
  for (let i = begin; i < excesses.length && excesses[i]!.from <= viewport.to; i++) {
    const { from, to, why } = excesses[i]!;
    const left = Math.max(drawn, viewport.xOf(from) - 1);
    const right = Math.max(viewport.xOf(from) + 1, viewport.xOf(to));
    if (right - left < 0.5) continue;
    canvas.context.fillStyle = why === "over budget" ? theme.leak : theme.evict;
    canvas.context.fillRect(left, 0, right - left, STRIP);
    drawn = right;
  }
}

/** Marks where live resources alone came to exceed the budget. */
function paintCrossings(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const { context, height } = canvas;
  context.fillStyle = theme.leak;
  for (const time of model.overbudget) {
    const x = viewport.xOf(time);
    context.fillRect(x - 1, 0, 2, height);
    context.fillRect(x - 3, 0, 6, 6);
  }
}

/** Draws the time axis. */
export function paintAxis(canvas: Canvas, viewport: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.panel);
  const { width, height } = canvas;
  const { step, at } = ticks(viewport.from, viewport.to, Math.max(2, width / TICK_WIDTH));
  context.font = FONT;
  context.textBaseline = "middle";
  for (const time of at) {
    const x = Math.round(viewport.xOf(time));
    context.fillStyle = theme.line;
    context.fillRect(x, 0, 1, height);
    context.fillStyle = theme.muted;
    const text = formatTime(time, step);
    if (x + 6 + context.measureText(text).width < width) {
      context.fillText(text, x + 6, height / 2 + 0.5);
    }
  }
}

/** The bytes to write beside the chart: where, and what. */
export function byteLabels(model: Model, height: number): { y: number; text: string }[] {
  const ceiling = ceilingOf(model);
  return ticks(0, ceiling, 3).at.map((bytes) => ({
    y: Math.min(height - TEXT_ROOM, Math.max(TEXT_ROOM, height * (1 - bytes / ceiling))),
    text: formatBytes(bytes),
  }));
}
