import type { Entry } from "../cache/entry.ts";

/** The resources that `entry` was made from and holds. O(dependencies). */
export function partsOf(entry: Entry): Entry[] {
  const { entries } = entry.cache;
  return entry.dependencies.flatMap((key) => entries.get(key) ?? []);
}

/** A resource, and all that it holds, directly or through others. O(all of these). */
export function wholeOf(entry: Entry): Set<Entry> {
  const whole = new Set([entry]);
  for (const each of whole) for (const part of partsOf(each)) whole.add(part);
  return whole;
}
