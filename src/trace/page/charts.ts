/// <reference lib="dom" />
import { type Canvas, FONT } from "./canvas.ts";
import { peaksOf } from "./columns.ts";
import type { Model } from "./model.ts";
import { reportOf } from "./row.ts";
import { countUpTo, itself } from "./search.ts";
import { formatBytes, formatTime, ticks, timeTicks } from "./text.ts";
import type { Theme } from "./theme.ts";
import { eachApart, type Viewport } from "./viewport.ts";

/** Room above the highest bytes, as a part of them. */
const HEADROOM = 1.18;
/** A budget above this many times the peak is not shown, because the bytes would be a flat line. */
const FAR = 4;
const TICK_WIDTH = 90;
/** The height of the strip where the budget is exceeded, and of the ticks where that begins. */
const STRIP = 4;
const TICK = 10;
/** The opacity of the shade below that strip. */
const SHADE = 0.16;
/** The room above and below the middle of a label beside the chart, in CSS pixels. */
const TEXT_ROOM = 9;

/** The bytes that reach the top of the chart. */
function ceilingOf({ peakMemory, data: { budget = 0 } }: Model): number {
  const highest = budget > FAR * peakMemory ? peakMemory : Math.max(peakMemory, budget);
  return Math.max(4, highest * HEADROOM);
}

/** Draws live, idle and unfreed bytes as areas, and the budget as a line. */
export function paintBytes(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.ground);
  const { width, height } = canvas;
  const ceiling = ceilingOf(model);
  context.fillStyle = theme.line;
  for (const bytes of model.peakMemory === 0 ? [] : ticks(0, ceiling, 3).at) {
    context.fillRect(0, Math.round(height * (1 - bytes / ceiling)) - 1, width, 1);
  }
  paintExcesses(canvas, model, viewport, theme);
  paintAreas(canvas, model, viewport, [theme.edge, theme.idle, theme.live], theme.live);
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

/** Draws the whole trace as a small overview. */
export function paintOverview(canvas: Canvas, model: Model, whole: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.ground);
  paintAreas(canvas, model, whole, [theme.line, theme.line, theme.edge]);
  const mark = (height: number) => (_: unknown, x: number) => context.fillRect(x, 0, 1.5, height);
  context.fillStyle = theme.evict;
  eachApart(model.evictions, itself, whole, 0.5, mark(5));
  context.fillStyle = theme.reload;
  eachApart(model.reloads, itself, whole, 0.5, mark(5));
  context.fillStyle = theme.leak;
  eachApart(model.leaks, reportOf, whole, 0.5, mark(canvas.height));
}

/**
 * Fills three areas, each with its colour: all memory, the resident bytes in it, and the live bytes
 * in those.
 */
function paintAreas(
  canvas: Canvas,
  model: Model,
  viewport: Viewport,
  [taken, resident, alive]: readonly [string, string, string],
  edge?: string,
): void {
  const { context, element, width, height } = canvas;
  const span = { from: viewport.from, to: viewport.to, end: viewport.endOf(model.duration) };
  const { live, resident: all, memory } = model.totals;
  const scale = height / ceilingOf(model);
  for (const [track, colour] of [[memory, taken], [all, resident], [live, alive]] as const) {
    const bytes = peaksOf(track, span, element.width);
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
    if (edge === undefined || track !== all) continue;
    context.strokeStyle = edge;
    context.stroke();
  }
}

/**
 * Shades the times at which room was made, and at which live resources alone exceeded the budget.
 */
function paintExcesses(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const { context, height } = canvas;
  const { excesses } = model;
  let i = Math.max(0, countUpTo(excesses, viewport.from, ({ from }) => from) - 1);
  while (i < excesses.length && excesses[i]!.from <= viewport.to) {
    const { from, to, why } = excesses[i]!;
    const left = Math.round(Math.max(-1, viewport.xOf(from)));
    const right = Math.min(canvas.width + 1, viewport.xOf(Math.min(to, model.duration)));
    const width = Math.max(1, Math.round(right) - left);
    context.fillStyle = why === "over budget" ? theme.leak : theme.evict;
    context.fillRect(left, 0, width, STRIP);
    context.globalAlpha = SHADE;
    context.fillRect(left, STRIP, width, height);
    context.globalAlpha = 1;
    // Skips those that end within the same pixel.
    const next = countUpTo(excesses, viewport.timeAt(left + width) - 1e-9, ({ to }) => to);
    i = Math.max(i + 1, next);
  }
}

/** Marks where live resources alone began to exceed the budget. */
function paintCrossings({ context }: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  context.fillStyle = theme.leak;
  eachApart(model.overbudget, itself, viewport, 2, (_, x) => {
    context.fillRect(Math.round(x) - 1, 0, 2, TICK);
  });
}

/** Draws the time axis. */
export function paintAxis(canvas: Canvas, model: Model, viewport: Viewport, theme: Theme): void {
  const context = canvas.begin(theme.panel);
  const { width, height } = canvas;
  const { step, at } = timeTicks(viewport.from, viewport.to, Math.max(2, width / TICK_WIDTH));
  context.font = FONT;
  context.textBaseline = "middle";
  for (const time of at) {
    if (time > model.duration) break;
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

/** The labels beside the chart: their places, in CSS pixels from its top, and their texts. */
export function byteLabels(model: Model, height: number): { y: number; text: string }[] {
  const ceiling = ceilingOf(model);
  const { at } = model.peakMemory === 0 ? { at: [0] } : ticks(0, ceiling, 3);
  return at.map((bytes) => ({
    y: Math.min(height - TEXT_ROOM, Math.max(TEXT_ROOM, height * (1 - bytes / ceiling))),
    text: formatBytes(bytes),
  }));
}
