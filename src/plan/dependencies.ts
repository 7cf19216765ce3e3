import type { Entry } from "../cache/entry.ts";

/** Returns the resident resources that `entry` was made from. O(dependencies). */
export function partsOf(entry: Entry): Entry[] {
  const { entries } = entry.cache;
  return entry.dependencies.flatMap((key) => entries.get(key) ?? []);
}

/** Returns a resource and everything that it was made from, directly or through others. O(result). */
export function wholeOf(entry: Entry): Set<Entry> {
  const whole = new Set([entry]);
  for (const each of whole) for (const part of partsOf(each)) whole.add(part);
  return whole;
}
