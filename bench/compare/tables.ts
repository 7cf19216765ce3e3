/** The figures of a report, as tables of Markdown. */
import type { ContenderName } from "./contenders.ts";
import { RESIDENTS } from "../operations.ts";
import { GROWTH, SIZES } from "./growth.ts";
import { limitsOf, type Report, type Speed } from "./report.ts";
import { type WorkloadName, WORKLOADS } from "./workloads.ts";

/** A table of Markdown, formatted like `deno fmt` does. */
export function markdown(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(titles), rule, ...rows.map(line)].join("\n");
}

/** Formats a number with about three digits: 1 230, 45.6, 0.79. */
export function figure(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits).replaceAll(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? " " : "");
}

/** A whole number with its digits in groups: 1 000 000. */
export function grouped(value: number): string {
  return figure(value).replace(/\.\d+$/, "");
}

const DASH = "–";

/** A cell of a speed table, such as "18.9 (2.61 ×)". */
function cellOf({ times }: Speed, workload: WorkloadName, who: ContenderName): string {
  const ns = times[who];
  if (ns === undefined) return DASH;
  const first = times[WORKLOADS[workload].contenders[0]!]!;
  const shown = WORKLOADS[workload].unit === "change" ? `${figure(ns / 1e6)} ms` : figure(ns);
  return `${shown} (${figure(ns / first)} ×)`;
}

/**
 * A table with a row for each contender, or for those of `only`, and a column for each workload.
 */
export function speedTable(
  { speed }: { speed: Partial<Record<WorkloadName, Speed>> },
  columns: Partial<Record<WorkloadName, string>>,
  only?: readonly ContenderName[],
): string {
  const workloads = Object.keys(columns) as WorkloadName[];
  const who = only ?? [
    ...new Set(workloads.flatMap((name) => WORKLOADS[name].contenders as ContenderName[])),
  ];
  const rows = who
    .map((name) => [name, ...workloads.map((workload) => cellOf(speed[workload]!, workload, name))])
    .filter(([, ...cells]) => cells.some((cell) => cell !== DASH));
  return markdown(["", ...Object.values(columns)], rows);
}

export function growthTable({ growth }: Report): string {
  const rows = Object.keys(GROWTH).map((name) => [
    name,
    ...growth[name as keyof typeof GROWTH].map(figure),
  ]);
  return markdown(["nanoseconds at n =", ...SIZES.map(figure)], rows);
}

export function operationsTable({ operations }: Pick<Report, "operations">): string {
  const rows = Object.entries(operations).map(([name, times]) => [
    name,
    ...times.map(figure),
  ]);
  const [first, ...others] = RESIDENTS.map(grouped) as [string, ...string[]];
  return markdown(["nanoseconds", `${first} loaded`, ...others], rows);
}

export function bytesTable({ bytes }: Report): string {
  const cell = (value: number | undefined) =>
    value === undefined ? DASH : figure(Math.round(value));
  const rows = Object.entries(bytes).map(([name, { referenced, reference, idle }]) => [
    name,
    cell(idle),
    cell(referenced),
    cell(reference),
  ]);
  return markdown(["bytes", "idle", "with a reference", "one more reference"], rows);
}

export function millionTable({ million }: Report): string {
  const rows = Object.entries(million).map(([name, { bytes, ms, without }]) => [
    name,
    `${figure(bytes)} bytes`,
    `${figure(ms)} ms`,
    `${figure(without)} ms`,
  ]);
  return markdown(["", "each", "a full collection", "before they were taken"], rows);
}

/** Formats a value or a bound. Fractions read better as `1 / n`. */
function shown(value: number, unit: string, isFraction: boolean): string {
  return isFraction ? `1 / ${figure(1 / value)}` : `${figure(value)} ${unit}`;
}

/** A table of measured values, aims and limits. */
export function limitsTable(report: Report): string {
  const rows = limitsOf(report).map(({ what, value, aim, atMost, unit }) => {
    const isFraction = (aim ?? atMost) < 1;
    const [measured, bound] = [value, atMost].map((each) => shown(each, unit, isFraction));
    const wanted = aim === undefined ? DASH : shown(aim, unit, isFraction);
    const isReached = value <= (aim ?? atMost) ? "yes" : value <= atMost ? "no" : "**no**";
    return [what, measured!, wanted, bound!, isReached];
  });
  return markdown(["", "measured", "aim", "at most", "reached"], rows);
}
