import type { EntryTable } from "../cache/entry_table.ts";
import { ResourceCycleError } from "../contract/errors.ts";
import type { Flight } from "./flight.ts";

/**
 * Throws if the resident of a key was made from one of those that are being loaded, `active`, each by
 * the loader of the one before. Only a reload can close such a cycle: nothing resident was made from
 * a key that is not resident yet.
 */
export function assertNoCycle(
  entries: EntryTable,
  active: readonly string[],
  keyOf: () => string,
): void {
  const targets = active.filter((each) => entries.has(each));
  const back = targets.length === 0 ? [] : pathTo(targets, keyOf(), entries);
  if (back.length === 0) return;
  throw new ResourceCycleError([...active.slice(active.indexOf(back.at(-1)!)), ...back]);
}

/** Throws if `flight` waits, in whatever way, for `parent`, which is about to wait for it. */
export function assertNoCircle(parent: Flight, flight: Flight): void {
  const back = waitsFor(flight, parent);
  if (back !== undefined) throw new ResourceCycleError([parent.key, ...back]);
}

/** The keys by which `key` depends on one of `targets`; none if it does not. */
function pathTo(targets: readonly string[], key: string, entries: EntryTable): string[] {
  const from = new Map<string, string | undefined>([[key, undefined]]);
  for (const [each] of from) {
    if (targets.includes(each)) return pathFrom(each, from);
    for (const dependency of entries.get(each)?.dependencies ?? []) {
      if (!from.has(dependency)) from.set(dependency, each);
    }
  }
  return [];
}

/** The way to `key`, where `from` says for each key which one led to it. */
function pathFrom(key: string, from: Map<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let each: string | undefined = key; each !== undefined; each = from.get(each)) {
    path.unshift(each);
  }
  return path;
}

/** The keys from `flight` to `target`, along the loads that wait; `undefined` if no way leads there. */
function waitsFor(
  flight: Flight,
  target: Flight,
  seen: Set<Flight> = new Set(),
): string[] | undefined {
  if (flight === target) return [flight.key];
  if (seen.has(flight)) return undefined;
  seen.add(flight);
  for (const next of flight.waitsFor) {
    const path = waitsFor(next, target, seen);
    if (path !== undefined) return [flight.key, ...path];
  }
  return undefined;
}
