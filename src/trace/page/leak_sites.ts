import type { Leak, Row } from "./row.ts";
import { scopeOf } from "./selection.ts";

/** The leaks of handles that were opened at one place. */
export interface Site {
  /** The place in a few words, or the scope if the place is not known. */
  readonly name: string;
  readonly stack: string | undefined;
  /** Sorted by when their handles were opened. */
  readonly leaks: readonly Leak[];
  /** The bytes of their resources, each counted once. */
  readonly bytes: number;
}

/**
 * Groups leaks by the line that opened their handles, or by their scope if the line is not known.
 * The site with the most bytes comes first, then the one with the most leaks. O(leaks).
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

/** The bytes that leaks kept in memory: each resource counts once, with its most bytes. */
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

/**
 * The leak after `leak`, or before it, in the order of their openings. It wraps around at the ends.
 */
export function nextLeak(
  openings: readonly Leak[],
  leak: Leak | undefined,
  by: 1 | -1,
): Leak | undefined {
  const at = leak === undefined ? -1 : openings.indexOf(leak);
  if (at === -1) return by === 1 ? openings[0] : openings.at(-1);
  return openings[(at + by + openings.length) % openings.length];
}
