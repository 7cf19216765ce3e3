import type { Directory, Leak, Row } from "./row.ts";
import { visible } from "./text.ts";

/** What rows can be sorted by. */
export const ORDERS = ["first", "bytes", "references", "leaks"] as const;

/** One of {@linkcode ORDERS}. */
export type Order = (typeof ORDERS)[number];

/** Which rows are shown, and how. */
export interface Filter {
  /** Words that the key or the type has, all of them. */
  readonly query: string;
  readonly order: Order;
  /** Only rows of which a handle leaked. */
  readonly leaking: boolean;
  /** Only rows of this type; any if it is empty. */
  readonly type: string;
  /** Only rows of which this scope leaked a handle; any if it is empty. */
  readonly scope: string;
  /** Only rows below this directory, which has a slash at its end; any if it is empty. */
  readonly directory: string;
  /** Whether rows stand below a heading for their directory. */
  readonly grouped: boolean;
  /** The directories whose rows are folded away. */
  readonly folded: ReadonlySet<string>;
}

/** What shows everything. */
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

/** The heading of a directory, in the list. */
export class Group {
  readonly directory: Directory;
  /** Those that are shown, or would be if it were not folded. */
  readonly rows: readonly Row[];
  /** Those of which handles leaked. */
  readonly leaking: readonly Row[];
  /** How many leaks they have, and how many bytes if all were in memory at their largest. */
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

/** What stands in a line of the list. */
export type Line = Row | Group;

/** Those first that have the most; then as they were loaded. */
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

/** The name of the scope that leaked a handle, as it can be shown; empty if it had none. */
export function scopeOf({ data: { label = "" } }: Leak): string {
  return visible(label);
}

/** The rows in lines, each directory below its heading: that first whose first row comes first. */
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

/** The bytes of rows if all were in memory at their largest. */
export function bytesOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}
