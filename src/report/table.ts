import { printable } from "../contract/printable.ts";
import { dim } from "./colors.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Aligns it to the right. */
  readonly numeric?: boolean;
  /** Colours a cell, which is padded already: an ANSI code has no width. */
  paint?(cell: string): string;
}

/**
 * Draws rows under their titles, aligned, each on one line, whatever is in its cells. No column is
 * empty: one that would be is left out.
 */
export function drawTable(columns: readonly Column[], cells: readonly string[][]): string[] {
  const rows = cells.map((row) => row.map(printable));
  const shown = columns.map((column, i) => ({ ...column, i }))
    .filter(({ i }) => rows.length === 0 || rows.some((row) => row[i] !== ""))
    .map(({ i, ...column }) => {
      const width = rows.reduce((most, row) => Math.max(most, row[i]!.length), column.title.length);
      const pad = (cell: string) => column.numeric ? cell.padStart(width) : cell.padEnd(width);
      return { ...column, i, pad };
    });
  const titles = shown.map(({ title, pad }) => pad(title)).join("  ").trimEnd();
  return [
    dim(titles),
    ...rows.map((row) =>
      shown.map(({ i, pad, paint }) => {
        const cell = pad(row[i]!);
        return paint ? paint(cell) : cell;
      }).join("  ").trimEnd()
    ),
  ];
}
