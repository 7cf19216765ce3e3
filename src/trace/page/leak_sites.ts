import type { Leak, Row } from "./row.ts";
import { scopeOf } from "./selection.ts";

/** The leaks of handles that were opened at one place. */
export interface Site {
  /** The place in a few words, or the scope if it is not known. */
  readonly name: string;
  readonly stack: string | undefined;
  /** By when they were opened. */
  readonly leaks: readonly Leak[];
  /** The bytes of their resources, each counted once. */
  readonly bytes: number;
}

/**
 * Leaks by the line that opened their handles, or by their scope where that is not known. Those of the
 * most bytes come first, then the most handles. O(leaks).
 */
export function sitesOf(leaks: readonly Leak[]): Site[] {
  const groups = Map.groupBy(leaks, ({ line, data }) => line || `of ${data.label}`);
  return [...groups.values()]
    .map((leaks) => {
      const { site, stack } = leaks[0]!;
      const name = site || nameWithoutSite(leaks[0]!);
      return { name, stack, leaks, bytes: bytesOf(leaks) };
    })
    .sort((a, b) => b.bytes - a.bytes || b.leaks.length - a.leaks.length);
}

/** What leaks kept in memory: each resource once, with the most bytes that it had. */
function bytesOf(leaks: readonly Leak[]): number {
  const most = new Map<Row, number>();
  for (const { row, data: { bytes = 0 } } of leaks) {
    most.set(row, Math.max(bytes, most.get(row) ?? 0));
  }
  return [...most.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function nameWithoutSite(leak: Leak): string {
  const scope = scopeOf(leak);
  return scope === "" ? "unknown place" : `scope “${scope}”`;
}

/** The leak after `leak`, or the one before it, by when they were opened; around the end. */
export function nextLeak(
  openings: readonly Leak[],
  leak: Leak | undefined,
  by: 1 | -1,
): Leak | undefined {
  const at = leak === undefined ? -1 : openings.indexOf(leak);
  if (at === -1) return by === 1 ? openings[0] : openings.at(-1);
  return openings[(at + by + openings.length) % openings.length];
}
