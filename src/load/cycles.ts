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
  if (targets.length === 0) return;
  const dependencies = (key: string) => entries.get(key)?.dependencies ?? [];
  const back = pathBetween(keyOf(), targets, dependencies);
  if (back.length === 0) return;
  throw new ResourceCycleError([...active.slice(active.indexOf(back.at(-1)!)), ...back]);
}

/** Throws if `flight` waits, in whatever way, for `parent`, which is about to wait for it. */
export function assertNoCircle(parent: Flight, flight: Flight): void {
  const back = pathBetween(flight, [parent], ({ waitsFor }) => waitsFor);
  if (back.length === 0) return;
  throw new ResourceCycleError([parent, ...back].map(({ key }) => key));
}

/** The shortest way from `start` to one of `targets` along `next`; empty if there is none. */
function pathBetween<Node>(
  start: Node,
  targets: readonly Node[],
  next: (node: Node) => Iterable<Node>,
): Node[] {
  const from = new Map<Node, Node | undefined>([[start, undefined]]);
  for (const [node] of from) {
    if (targets.includes(node)) return wayTo(node, from);
    for (const each of next(node)) if (!from.has(each)) from.set(each, node);
  }
  return [];
}

/** The way to `node`, where `from` says for each node which one led to it. */
function wayTo<Node>(node: Node, from: Map<Node, Node | undefined>): Node[] {
  const way: Node[] = [];
  for (let each: Node | undefined = node; each !== undefined; each = from.get(each)) {
    way.unshift(each);
  }
  return way;
}
