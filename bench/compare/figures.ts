/** The figures in the documentation, and the files that have them. */
import { growthChart } from "./growth_chart.ts";
import { leaksTable } from "../leaks/score.ts";
import { readScore } from "../leaks/score_file.ts";
import type { Report } from "./report.ts";
import {
  bytesTable,
  growthTable,
  limitsTable,
  millionTable,
  operationsTable,
  speedTable,
} from "./tables.ts";

/** The text between the marks of each name, in every page that has them. */
const BLOCKS: Record<string, (report: Report) => string> = {
  machine: ({ machine }) => `Measured on ${machine}.`,
  overview: (report) =>
    speedTable(report, { held: "held", idle: "through idle" }, [
      "bare `Map` and a count",
      "`lru-cache`",
      "VS Code `ReferenceCollection`",
      "Effect 4 `RcMap`",
      "Holdfast",
    ]),
  hits: (report) =>
    speedTable(report, { held: "held", idle: "through idle", random: "10 000 at random" }),
  games: (report) =>
    speedTable(report, { frame: "frames", churn: "churn", scene: "change of scene" }),
  million: (report) => speedTable(report, { million: "one of 1 000 000" }),
  ways: (report) => speedTable(report, { ways: "one look at the value" }),
  operations: operationsTable,
  growth: growthTable,
  bytes: bytesTable,
  collections: millionTable,
  limits: limitsTable,
  leaks: () => leaksTable(readScore()),
};

/** The pages that have figures. */
export const PAGES: readonly string[] = ["README.md", "docs/performance.md", "docs/leaks.md"];
/** The picture, which is made only from figures. */
const CHART = "docs/growth.svg";

/** Returns `page` with the figures of `report` between its marks. */
export function withFigures(page: string, report: Report): string {
  const marks = /(<!-- figures: (\w+) -->\n)[^]*?(\n<!-- figures end -->)/g;
  return page.replaceAll(marks, (_all, start, name, end) => {
    const block = BLOCKS[name];
    if (block === undefined) {
      throw new Error(`Cannot write figures: there are none called "${name}"`);
    }
    return `${start}\n${block(report)}\n${end}`;
  });
}

/** The right text of every file with figures, by path. `read` returns the present text. */
export function documentsWith(
  report: Report,
  read: (path: string) => string,
): Map<string, string> {
  return new Map([
    ...PAGES.map((page) => [page, withFigures(read(page), report)] as const),
    [CHART, growthChart(report)],
  ]);
}
