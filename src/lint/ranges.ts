import { contains, type Node } from "./syntax.ts";

/** Nodes by their place in the file. */
export class NodesByPlace<T extends Node> {
  readonly #nodes: readonly T[];
  readonly #starts: readonly number[];

  constructor(nodes: readonly T[]) {
    this.#nodes = nodes.toSorted((a, b) => a.range[0] - b.range[0]);
    this.#starts = this.#nodes.map(({ range }) => range[0]);
  }

  /** The nodes inside `node`. O(log n + results). */
  within(node: Node): T[] {
    const [start, end] = node.range;
    return this.#nodes
      .slice(firstNotBelow(this.#starts, start), firstNotBelow(this.#starts, end))
      .filter((each) => contains(node, each));
  }
}

/** The index of the first of sorted numbers that is not below `least`. O(log n). */
export function firstNotBelow(numbers: readonly number[], least: number): number {
  let from = 0;
  for (let to = numbers.length; from < to;) {
    const middle = (from + to) >> 1;
    if (numbers[middle]! < least) from = middle + 1;
    else to = middle;
  }
  return from;
}
