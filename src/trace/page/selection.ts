import type { Directory, Leak, Row } from "./row.ts";
import { visible } from "./text.ts";

/** What rows can be sorted by. */
export const ORDERS = ["first", "bytes", "references", "leaks"] as const;

/** One of {@linkcode ORDERS}. */
export type Order = (typeof ORDERS)[number];

/** Which rows are shown, and how. */
export interface Filter {
  /** Words that must all be in the key or the type. */
  readonly query: string;
  readonly order: Order;
  /** Only rows with leaks. */
  readonly leaking: boolean;
  /** Only rows of this type; any if it is empty. */
  readonly type: string;
  /** Only rows with leaks of this scope; any if it is empty. */
  readonly scope: string;
  /** Only rows below this directory, which ends with a slash; any if it is empty. */
  readonly directory: string;
  /** Whether rows are grouped below the headings of their directories. */
  readonly grouped: boolean;
  /** The directories whose rows are folded away. */
  readonly folded: ReadonlySet<string>;
}

/** The filter that lets everything through. */
export const EVERYTHING: Filter = {
  query: "",
  order: "first",
  leaking: false,
  type: "",
  scope: "",
  directory: "",
  grouped: true,
  folded: new Set(),
};

/** The heading of a directory in the list. */
export class Group {
  readonly directory: Directory;
  /** The rows below the heading, whether it is folded or not. */
  readonly rows: readonly Row[];
  /** The rows with leaks. */
  readonly leaking: readonly Row[];
  /** The number of their leaks, and the sum of the most bytes that each row had. */
  readonly leaks: number;
  readonly bytes: number;
  readonly folded: boolean;

  constructor(directory: Directory, rows: readonly Row[], folded: boolean) {
    this.directory = directory;
    this.rows = rows;
    this.leaking = rows.filter(({ leaks }) => leaks.length > 0);
    this.leaks = this.leaking.reduce((sum, { leaks }) => sum + leaks.length, 0);
    this.bytes = bytesOf(rows);
    this.folded = folded;
  }
}

/** A line of the list. */
export type Line = Row | Group;

/**
 * Rows with the highest rank come first. Rows of the same rank are in the order of their first
 * loads.
 */
const RANKS: Record<Order, (row: Row) => number> = {
  first: (row) => -row.number,
  bytes: (row) => row.bytes,
  references: (row) => row.peak,
  leaks: (row) => row.leaks.length,
};

/** The rows that a filter lets through, in order. O(rows). */
export function selectRows(rows: readonly Row[], filter: Filter): Row[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const rank = RANKS[filter.order];
  return rows
    .filter((row) => fits(row, filter) && words.every((word) => textOf(row).includes(word)))
    .sort((a, b) => rank(b) - rank(a) || a.number - b.number);
}

function fits(row: Row, { leaking, type, scope, directory }: Filter): boolean {
  return (!leaking || row.leaks.length > 0) && (type === "" || row.type === type) &&
    row.directory.startsWith(directory) &&
    (scope === "" || row.leaks.some((leak) => scopeOf(leak) === scope));
}

function textOf({ key, type }: Row): string {
  return `${key} ${type}`.toLowerCase();
}

/**
 * The name of the scope that leaked a handle, without invisible characters; empty if there is no
 * scope.
 */
export function scopeOf({ data: { label = "" } }: Leak): string {
  return visible(label);
}

/**
 * The lines of the list: each heading and its rows. Directories are in the order of their first
 * rows.
 */
export function linesOf(
  rows: readonly Row[],
  { grouped, folded }: Filter,
  directories: ReadonlyMap<string, Directory>,
): Line[] {
  const groups = Map.groupBy(rows, ({ directory }) => directory);
  if (!grouped || directories.size < 2) return [...rows];
  return [...groups].flatMap(([path, rows]) => {
    const group = new Group(directories.get(path)!, rows, folded.has(path));
    return group.folded ? [group] : [group, ...rows];
  });
}

/** The sum of the most bytes that each row had. */
export function bytesOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}
