import { printable } from "../contract/printable.ts";
import type { FormatStatsOptions } from "../contract/stats.ts";
import { dim } from "./colors.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Aligns it to the right. */
  readonly numeric?: boolean;
  /** Its cells may be cut, in the middle, where a line would be too long. */
  readonly long?: boolean;
  /** Colours a cell, which is padded already: an ANSI code has no width. */
  paint?(cell: string): string;
}

/**
 * Draws rows under their titles, aligned, each on one line, whatever is in its cells. No column is
 * empty: one that would be is left out. Long columns are cut until a line fits into `maxWidth`; a
 * last line says how many rows there are besides `maxRows`.
 */
export function drawTable(
  columns: readonly Column[],
  cells: readonly string[][],
  { maxRows, maxWidth = Infinity }: Pick<FormatStatsOptions, "maxRows" | "maxWidth"> = {},
): string[] {
  const rows = cells.slice(0, maxRows).map((row) => row.map(printable));
  const shown = columns.map((column, i) => ({ ...column, i, width: widthOf(column, i, rows) }))
    .filter(({ i }) => rows.length === 0 || rows.some((row) => row[i] !== ""));
  narrow(shown, maxWidth);
  const padded = (row: readonly string[]) =>
    shown.map(({ i, width, numeric }) => {
      const cell = cut(row[i]!, width);
      return numeric ? cell.padStart(width) : cell.padEnd(width);
    });
  const painted = (row: readonly string[]) =>
    padded(row).map((cell, at) => shown[at]!.paint?.(cell) ?? cell);
  const more = cells.length - rows.length;
  return [
    dim(padded(columns.map(({ title }) => title)).join(GAP).trimEnd()),
    ...rows.map((row) => painted(row).join(GAP).trimEnd()),
    ...(more > 0 ? [dim(`… ${more} more`)] : []),
  ];
}

const GAP = "  ";
/** No column is cut to less than this. */
const MIN_WIDTH = 12;

/** A column that is drawn, with the cells `i` of the rows. */
interface Shown extends Column {
  readonly i: number;
  width: number;
}

function widthOf({ title }: Column, i: number, rows: readonly string[][]): number {
  return rows.reduce((most, row) => Math.max(most, row[i]!.length), title.length);
}

/** Takes from the widest of the long columns, as often as it needs. */
function narrow(columns: readonly Shown[], maxWidth: number): void {
  let over = columns.reduce((sum, { width }) => sum + GAP.length + width, -GAP.length - maxWidth);
  while (over-- > 0) {
    const long = columns.filter(({ long, width }) => long && width > MIN_WIDTH);
    if (long.length === 0) return;
    long.reduce((a, b) => a.width >= b.width ? a : b).width--;
  }
}

/** Leaves out the middle of text that is too long: names differ at their ends. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const half = width >> 1;
  return `${text.slice(0, half)}…${text.slice(half + 1 - width)}`;
}

/** Joins parts by dots, on as many lines as they need to fit into `maxWidth`. */
export function joinParts(parts: readonly string[], maxWidth: number): string {
  return parts.reduce((text, part) => {
    const width = text.length - text.lastIndexOf("\n") + part.length + 2;
    return `${text}${width > maxWidth ? "\n" : " · "}${part}`;
  });
}
