import { printable } from "../contract/printable.ts";
import type { FormatStatsOptions } from "../contract/stats.ts";
import { dim } from "./colors.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Whether its cells are aligned to the right. */
  readonly numeric?: boolean;
  /** Whether its cells may be cut, in the middle, if a line would be too long. */
  readonly long?: boolean;
  /** Colours a cell. The cell is padded already, because ANSI codes have no width. */
  paint?(cell: string): string;
}

/**
 * Returns the lines of a table: the titles, then one line for each row, even if its cells have line ends.
 * Empty columns are left out. Long columns are cut until a line fits into `maxWidth`. If there are more
 * than `maxRows` rows, a last line says how many more.
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
/** Columns are not cut to fewer characters than this. */
const MIN_WIDTH = 12;

/** A column that is not left out. Its cells have the index `i` in their rows. */
interface Shown extends Column {
  readonly i: number;
  width: number;
}

function widthOf({ title }: Column, i: number, rows: readonly string[][]): number {
  return rows.reduce((most, row) => Math.max(most, row[i]!.length), title.length);
}

/** Narrows the widest of the long columns, by one character at a time, until a line fits. */
function narrow(columns: readonly Shown[], maxWidth: number): void {
  let over = columns.reduce((sum, { width }) => sum + GAP.length + width, -GAP.length - maxWidth);
  while (over-- > 0) {
    const long = columns.filter(({ long, width }) => long && width > MIN_WIDTH);
    if (long.length === 0) return;
    long.reduce((a, b) => a.width >= b.width ? a : b).width--;
  }
}

/** Cuts text that is too long in the middle, because names differ at their ends. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const half = width >> 1;
  return `${text.slice(0, half)}…${text.slice(half + 1 - width)}`;
}

/** Joins parts by dots, on as many lines as are needed to fit into `maxWidth`. */
export function joinParts(parts: readonly string[], maxWidth: number): string {
  return parts.reduce((text, part) => {
    const width = text.length - text.lastIndexOf("\n") + part.length + 2;
    return `${text}${width > maxWidth ? "\n" : " · "}${part}`;
  });
}
