/** Which file of the documentation has which figures. */
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

/** What stands between the marks of this name, in whatever page has them. */
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
/** The picture, which is nothing but figures. */
const CHART = "docs/growth.svg";

/** `page` with the figures of `report` between its marks. */
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

/** Every file that has figures, by its path, as it has to be; `read` gives what is there. */
export function documentsWith(
  report: Report,
  read: (path: string) => string,
): Map<string, string> {
  return new Map([
    ...PAGES.map((page) => [page, withFigures(read(page), report)] as const),
    [CHART, growthChart(report)],
  ]);
}
