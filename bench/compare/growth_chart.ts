/** Draws the cost of each operation as the work around it grows. */
import { px, svg } from "../_chart.ts";
import { GROWTH, type GrowthName, SIZES } from "./growth.ts";
import type { Report } from "./report.ts";
import { figure } from "./tables.ts";

const WIDTH = 860;
const HEIGHT = 440;
/** The area of the lines. The rest is for axes and names. */
const AREA = { left: 56, right: 520, top: 16, bottom: 400 };
/** The nanoseconds at the bottom and at the top. Both axes are logarithmic. */
const NS = [10, 10_000] as const;
const LINE_HEIGHT = 18;
const COLORS = ["#3b82f6", "#ef4444", "#22a06b", "#a855f7", "#e08700", "#0ea5b7", "#db2777"];

const STYLE = ".line { fill: none; stroke-width: 2 }";

function x(size: number): number {
  const [first, last] = [Math.log(SIZES[0]!), Math.log(SIZES.at(-1)!)];
  return AREA.left + (Math.log(size) - first) / (last - first) * (AREA.right - AREA.left);
}

function y(ns: number): number {
  const [low, high] = [Math.log(NS[0]), Math.log(NS[1])];
  return AREA.bottom - (Math.log(ns) - low) / (high - low) * (AREA.bottom - AREA.top);
}

function escape(text: string): string {
  return text.replaceAll("`", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function grid(): string[] {
  const vertical = SIZES.map((size) =>
    `<path class="grid" d="M${px(x(size))} ${AREA.top}V${AREA.bottom}"/>` +
    `<text x="${px(x(size))}" y="${AREA.bottom + 18}" text-anchor="middle">${figure(size)}</text>`
  );
  const levels = [10, 100, 1_000, 10_000];
  const horizontal = levels.map((ns) =>
    `<path class="grid" d="M${AREA.left} ${px(y(ns))}H${AREA.right}"/>` +
    `<text x="${AREA.left - 8}" y="${px(y(ns) + 4)}" text-anchor="end">${
      figure(ns).replace(".0", "")
    }</text>`
  );
  return [...vertical, ...horizontal];
}

/** The place of each name: beside the end of its line, but below the name above it. */
function labelPositions(ends: readonly number[]): number[] {
  const order = ends.map((_, i) => i).sort((a, b) => ends[a]! - ends[b]!);
  const positions: number[] = [];
  let free = AREA.top;
  for (const [rank, i] of order.entries()) {
    const below = (order.length - rank - 1) * LINE_HEIGHT;
    const latest = AREA.bottom - below;
    positions[i] = Math.min(Math.max(ends[i]!, free), latest);
    free = positions[i]! + LINE_HEIGHT;
  }
  return positions;
}

export function growthChart({ growth }: Report): string {
  const names = Object.keys(GROWTH) as GrowthName[];
  const labels = labelPositions(names.map((name) => y(growth[name].at(-1)!)));
  const lines = names.map((name, i) => {
    const color = COLORS[i % COLORS.length]!;
    const dashes = i < COLORS.length ? "" : ' stroke-dasharray="6 4"';
    const points = growth[name].map((ns, j) => `${px(x(SIZES[j]!))},${px(y(ns))}`).join(" ");
    const end = y(growth[name].at(-1)!);
    const label = labels[i]!;
    return `<polyline class="line" stroke="${color}"${dashes} points="${points}"/>` +
      `<path class="line" stroke="${color}" style="stroke-width:1" d="M${AREA.right + 4} ${
        px(end)
      }L${AREA.right + 20} ${px(label)}"/>` +
      `<text x="${AREA.right + 24}" y="${px(label + 4)}">${escape(name)}</text>`;
  });
  const title = `<text x="${AREA.left}" y="${
    HEIGHT - 4
  }">n, and nanoseconds for one operation</text>`;
  return svg({
    width: WIDTH,
    height: HEIGHT,
    title: "What one operation costs, from a hundred to a million",
    style: STYLE,
    body: [...grid(), ...lines, title],
  });
}
