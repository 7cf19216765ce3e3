import { format as formatBytes } from "@std/fmt/bytes";
import { bold, green, red, yellow } from "@std/fmt/colors";
import { drawTable } from "../../src/report/table.ts";
import { type Check, CHECKS, type Findings } from "./findings.ts";
import type { Reading } from "./gauges.ts";
import type { Tally } from "./era.ts";

/** The result of a soak. */
export interface Outcome {
  readonly seed: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly edits: number;
  readonly readings: readonly Reading[];
  readonly findings: Findings;
}

/** The tables of the report, and the reasons if something does not hold. */
export function report(outcome: Outcome): string {
  const { findings, seconds, seed } = outcome;
  return [
    bold(`${seconds.toFixed(0)} s of play, seed ${seed}`),
    ...drawTable([{ title: "done" }, { title: "times", numeric: true }], doneRows(outcome)),
    "",
    ...gaugeTable(outcome.readings),
    "",
    ...checkTable(findings),
    ...reasons(findings),
    "",
    findings.hold ? green("All of it holds") : red(bold("Not all of it holds")),
  ].join("\n");
}

function doneRows({ tally, edits }: Outcome): string[][] {
  const rows: [string, number][] = [
    ["managers, one after another", tally.managers],
    ["scenes", tally.scenes],
    ["loads that arrived", tally.loads],
    ["unloads", tally.unloads],
    ["hits", tally.hits],
    ["evictions", tally.evictions],
    ["reloads", tally.reloads],
    ["edits of files", edits],
    ["loads given up", tally.aborts],
    ["handles forgotten", tally.leaks],
    ["unloads that threw", tally.stubborn],
    ["HTTP requests", tally.requests],
    ["bad answers among them", tally.faults],
  ];
  return rows.map(([name, number]) => [name, number.toLocaleString("en")]);
}

function gaugeTable(readings: readonly Reading[]): string[] {
  const columns = [
    { title: "gauge" },
    { title: "after warm-up", numeric: true },
    { title: "at the end", numeric: true },
    { title: "most", numeric: true },
    { title: "limit", numeric: true },
  ];
  return drawTable(
    columns,
    readings.map(({ name, isBytes, early, late, most, limit }) => {
      const figures = [early, late, most, limit];
      return [name, ...figures.map((each) => isBytes ? formatBytes(each) : String(each))];
    }),
  );
}

function checkTable(findings: Findings): string[] {
  const columns = [
    { title: "check" },
    { title: "times", numeric: true },
    { title: "failed", numeric: true },
    { title: "verdict", paint: paintVerdict },
  ];
  return drawTable(
    columns,
    checks().map(([check, words]) => {
      const { times, failures } = findings.of(check);
      return [words, times.toLocaleString("en"), String(failures), verdict(check, findings)];
    }),
  );
}

function checks(): [Check, string][] {
  return Object.entries(CHECKS) as [Check, string][];
}

function verdict(check: Check, findings: Findings): string {
  const skipped = findings.skipped.get(check);
  if (skipped !== undefined) return `skipped: ${skipped}`;
  const { times, holds } = findings.of(check);
  if (times === 0) return "never checked";
  return holds ? "holds" : "FAILED";
}

function paintVerdict(cell: string): string {
  if (cell.startsWith("holds")) return green(cell);
  return cell.startsWith("skipped") ? yellow(cell) : red(cell);
}

function reasons(findings: Findings): string[] {
  return checks().flatMap(([check, words]) => {
    const { reasons, failures } = findings.of(check);
    if (failures === 0) return [];
    const more = failures > reasons.length ? [`  and ${failures - reasons.length} more`] : [];
    return ["", `${red("FAILED")} ${words}`, ...reasons.map((each) => `  ${each}`), ...more];
  });
}
