/** What the list needs of its members: the links are theirs, so that moving one allocates nothing. */
export interface IdleNode<N> {
  /** Size in bytes. */
  bytes: number;
  /** The neighbour that went idle before this one. */
  older: N | null;
  /** The neighbour that went idle after this one. */
  newer: N | null;
}

/** The idle resources in the order in which they went idle. Every operation is O(1). */
export class IdleList<N extends IdleNode<N>> {
  /** The one that has been idle for longest. */
  oldest: N | null = null;
  #newest: N | null = null;
  /** How many are idle. */
  count = 0;
  /** Their bytes together. */
  bytes = 0;

  /** Appends `node`, which is in no list. */
  append(node: N): void {
    const last = this.#newest;
    node.older = last;
    if (last === null) this.oldest = node;
    else last.newer = node;
    this.#newest = node;
    this.count++;
    this.bytes += node.bytes;
  }

  /** Takes `node` out, which is in this list. */
  remove(node: N): void {
    const { older, newer } = node;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    node.older = node.newer = null;
    this.count--;
    this.bytes -= node.bytes;
  }

  /** From the oldest to the newest. The list must not change meanwhile. */
  *[Symbol.iterator](): Generator<N> {
    for (let node = this.oldest; node !== null; node = node.newer) yield node;
  }
}
