import type { Row } from "./model.ts";

/** What rows can be sorted by. */
export const ORDERS = ["first", "bytes", "references", "leaks"] as const;

/** One of {@linkcode ORDERS}. */
export type Order = (typeof ORDERS)[number];

/** Those first that have the most; then as they were loaded. */
const RANKS: Record<Order, (row: Row) => number> = {
  first: (row) => -row.number,
  bytes: (row) => row.bytes,
  references: (row) => row.peak,
  leaks: (row) => row.leaks,
};

/** The rows whose key or type has every word of `query`, in order. */
export function selectRows(rows: readonly Row[], query: string, order: Order): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const rank = RANKS[order];
  return rows
    .filter(({ key, type }) => {
      const text = `${key} ${type}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(b) - rank(a) || a.number - b.number);
}
