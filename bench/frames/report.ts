import { drawTable } from "../../src/report/table.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { taken, total } from "./meter.ts";
import type { Outcome } from "./play.ts";

/** The time that the library may take in a frame, in ms. */
export const BUDGET = 4;
/** The part of that for `pump`. Calls and the work after the pump need the rest. */
export const PUMP = 2;
/** Without pacing, the longest frame is at least this many times as long. */
const GAIN = 10;
const FRAME = 1000 / 60;

/** The same script, played in two ways. */
export interface Outcomes {
  readonly paced: Outcome;
  readonly unpaced: Outcome;
}

function spread({ frames }: Outcome): Distribution {
  return distributionOf(frames.map(taken), BUDGET);
}

/** All problems of both outcomes. */
export function complaints({ paced, unpaced }: Outcomes): string[] {
  const { p999, max } = spread(paced);
  const gain = spread(unpaced).max / max;
  const late = paced.frames.filter((frame) => taken(frame) > BUDGET + frame.piece);
  const long = late.map((frame) => `${ms(taken(frame))} with a piece of ${ms(frame.piece)}`);
  return [
    ...long.length > 0
      ? [
        `${long.length} paced frames took more than ${BUDGET} ms and one piece: ${long.join(", ")}`,
      ]
      : [],
    ...p999 > BUDGET ? [`one paced frame in 1 000 took ${ms(p999)}, and not ${BUDGET} ms`] : [],
    ...gain < GAIN ? [`unpaced, the longest frame is ${gain.toFixed(1)} ×, and not ${GAIN} ×`] : [],
    ...wrong("paced", paced),
    ...wrong("unpaced", unpaced),
  ];
}

/** The problems that do not depend on time. */
export function wrong(how: string, { tally, left }: Outcome): string[] {
  const { failed, planned, loaded, unloaded, leaked } = tally;
  return [
    ...failed <= planned ? [] : [`${how}, ${failed} loads and reloads failed, and not ${planned}`],
    ...loaded === unloaded ? [] : [`${how}, ${loaded} were loaded and ${unloaded} unloaded`],
    ...leaked === 0 ? [] : [`${how}, ${leaked} handles leaked`],
    ...Object.entries(left).filter(([, count]) => count > 0)
      .map(([what, count]) => `${how}, ${count} ${what} were left`),
  ];
}

/** A table of both outcomes, side by side. */
export function report(outcomes: Outcomes): string {
  const both = [outcomes.paced, outcomes.unpaced];
  const row = (title: string, cell: (outcome: Outcome) => string) => [title, ...both.map(cell)];
  const of = (cell: (spread: Distribution) => string) => (each: Outcome) => cell(spread(each));
  const above = (limit: number) => ({ frames }: Outcome) =>
    count(frames.filter((frame) => taken(frame) > limit).length);
  const rows = [
    row("frames", of(({ frames }) => count(frames))),
    row("the library took of the longest", of(({ max }) => ms(max))),
    row("of 99.9 % at most", of(({ p999 }) => ms(p999))),
    row("of 99 % at most", of(({ p99 }) => ms(p99))),
    row("of half of them at most", of(({ p50 }) => ms(p50))),
    row(`frames above ${BUDGET} ms`, above(BUDGET)),
    row("frames above 16.7 ms, which are dropped", above(FRAME)),
    row("longest piece", ({ frames }) => ms(Math.max(...frames.map(({ piece }) => piece)))),
    row("longest, with collections of garbage", ({ frames }) => ms(Math.max(...frames.map(total)))),
    row("resources loaded", ({ tally }) => count(tally.loaded)),
    row("unloaded", ({ tally }) => count(tally.unloaded)),
    row("reloaded", ({ tally }) => count(tally.reloaded)),
    row("failed, as planned", ({ tally }) => count(tally.failed)),
    row("budget exceeded by what is in use", ({ tally }) => count(tally.overbudget)),
  ];
  const numeric = true;
  return drawTable(
    [{ title: "" }, { title: "paced", numeric }, { title: "unpaced", numeric }],
    rows,
  )
    .join("\n");
}

function ms(number: number): string {
  return `${number.toFixed(2)} ms`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
