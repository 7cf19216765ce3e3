import type { EntryTable } from "../cache/entry_table.ts";
import { ResourceCycleError } from "../contract/errors.ts";
import type { Flight } from "./flight.ts";

/**
 * Throws if the resident resource of a key was made from one of the keys in `active`. Those are
 * being loaded, each by the loader of the one before. Only a reload can close such a cycle: no
 * resident resource was made from a key that is not resident yet. So `keyOf`, which returns the key,
 * is called only during a reload.
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

/**
 * Throws if `flight` waits for `parent`, directly or not. `parent` is about to wait for `flight`.
 */
export function assertNoDeadlock(parent: Flight, flight: Flight): void {
  const back = pathBetween(flight, [parent], ({ waitsFor }) => waitsFor);
  if (back.length === 0) return;
  throw new ResourceCycleError([parent, ...back].map(({ key }) => key));
}

/** The shortest path from `start` to one of `targets` along `next`; empty if there is no path. */
function pathBetween<Node>(
  start: Node,
  targets: readonly Node[],
  next: (node: Node) => Iterable<Node>,
): Node[] {
  const from = new Map<Node, Node | undefined>([[start, undefined]]);
  for (const [node] of from) {
    if (targets.includes(node)) return pathTo(node, from);
    for (const each of next(node)) if (!from.has(each)) from.set(each, node);
  }
  return [];
}

/** The path to `node`, where `from` has the predecessor of each node. */
function pathTo<Node>(node: Node, from: Map<Node, Node | undefined>): Node[] {
  const path: Node[] = [];
  for (let each: Node | undefined = node; each !== undefined; each = from.get(each)) {
    path.unshift(each);
  }
  return path;
}
