/** Draws the time that the library took in each frame. */
import { px, svg } from "../_chart.ts";
import { total } from "./meter.ts";
import type { Outcome } from "./play.ts";
import { BUDGET, type Outcomes } from "./report.ts";

const WIDTH = 860;
const PANEL = 190;
const HEIGHT = 2 * PANEL + 40;
const AREA = { left: 64, right: 848 };
/** The milliseconds at the bottom and at the top of a logarithmic axis. */
const MS = [0.1, 1_000] as const;
const LEVELS = [0.1, 1, 10, 100, 1_000];
const FRAME = 1000 / 60;

const STYLE = `.limit { stroke-width: 1.5; stroke-dasharray: 6 4; fill: none }
    .budget { stroke: #22a06b }
    .frame { stroke: #ef4444 }
    .bars { stroke: #3b82f6; stroke-width: 1 }`;

/** Draws two rows of bars. Each bar is a pixel wide, and shows the longest of several frames. */
export function framesChart({ paced, unpaced }: Outcomes): string {
  return svg({
    width: WIDTH,
    height: HEIGHT,
    title: "Milliseconds that the library takes of each frame, paced and unpaced",
    style: STYLE,
    body: [
      ...panel("Paced: pump() once a frame", paced, 0),
      ...panel("Unpaced", unpaced, PANEL + 10),
    ],
  });
}

function panel(title: string, { frames }: Outcome, top: number): string[] {
  const y = (ms: number) => top + PANEL - 20 - (PANEL - 50) * Math.max(0, height(ms));
  const seconds = frames.length / 60;
  const levels = LEVELS.map((ms) =>
    `<path class="grid" d="M${AREA.left} ${px(y(ms))}H${AREA.right}"/>` +
    `<text x="${AREA.left - 8}" y="${px(y(ms) + 4)}" text-anchor="end">${ms} ms</text>`
  );
  const costs = columns(frames.map(total));
  const bars = costs.map((ms, i) => `M${AREA.left + i + 0.5} ${px(y(MS[0]))}V${px(y(ms))}`).join(
    "",
  );
  return [
    `<text x="${AREA.left}" y="${top + 18}" font-weight="bold">${title}</text>`,
    ...levels,
    `<path class="bars" d="${bars}"/>`,
    ...limit(`${BUDGET} ms`, "budget", y(BUDGET)),
    ...limit("a frame", "frame", y(FRAME)),
    `<text x="${AREA.right}" y="${top + PANEL - 4}" text-anchor="end">${seconds} s</text>`,
  ];
}

function limit(name: string, kind: string, y: number): string[] {
  return [
    `<path class="limit ${kind}" d="M${AREA.left} ${px(y)}H${AREA.right}"/>`,
    `<text x="${AREA.right - 4}" y="${px(y - 4)}" text-anchor="end">${name}</text>`,
  ];
}

/** The longest frame for each pixel. */
function columns(costs: readonly number[]): number[] {
  const count = Math.min(costs.length, AREA.right - AREA.left);
  const at = (i: number) => Math.floor(i / count * costs.length);
  return Array.from({ length: count }, (_, i) => Math.max(...costs.slice(at(i), at(i + 1))));
}

/** The height of a time, from 0 at the bottom to 1 at the top. */
function height(ms: number): number {
  return Math.log(ms / MS[0]) / Math.log(MS[1] / MS[0]);
}
