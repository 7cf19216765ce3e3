/** What the list needs of its members: the links are theirs, so that moving one allocates nothing. */
export interface IdleNode<N> {
  /** Size in bytes. */
  bytes: number;
  /** The neighbour that went idle before this one. */
  older: N | null;
  /** The neighbour that went idle after this one. */
  newer: N | null;
}

/**
 * The idle resources in the order in which they went idle. Every operation is O(1).
 *
 * A resource that flips between idle and live every frame is the newest each time. So the newest
 * stays linked when it wakes, and leaves only when another takes its place: it *lingers*.
 */
export class IdleList<N extends IdleNode<N>> {
  #oldest: N | null = null;
  #newest: N | null = null;
  /** Whether the newest is linked, but live. Never more than that one. */
  #lingers = false;
  /** How many are idle. */
  count = 0;
  /** Their bytes together. */
  bytes = 0;

  /** The one that has been idle for longest. */
  get oldest(): N | null {
    return this.count === 0 ? null : this.#oldest;
  }

  /** Appends `node`, which is not idle yet. */
  append(node: N): void {
    this.count++;
    this.bytes += node.bytes;
    const last = this.#newest;
    if (last === node) {
      this.#lingers = false;
      return;
    }
    if (this.#lingers) this.drop(last!);
    this.#link(node);
  }

  /** Takes `node` out, which is idle and is becoming live. It may linger. */
  wake(node: N): void {
    this.count--;
    this.bytes -= node.bytes;
    if (node === this.#newest) this.#lingers = true;
    else this.#unlink(node);
  }

  /** Unlinks `node` if it lingers: a live resource that is unloaded must leave no trace. */
  drop(node: N): void {
    if (!this.#lingers || node !== this.#newest) return;
    this.#lingers = false;
    this.#unlink(node);
  }

  /** From the oldest to the newest. The list must not change meanwhile. */
  *[Symbol.iterator](): Generator<N> {
    let node = this.#oldest;
    for (let left = this.count; left > 0; left--) {
      yield node!;
      node = node!.newer;
    }
  }

  /** All of them, the oldest first. */
  toArray(): N[] {
    const nodes: N[] = [];
    let node = this.#oldest;
    for (let left = this.count; left > 0; left--) {
      nodes.push(node!);
      node = node!.newer;
    }
    return nodes;
  }

  #link(node: N): void {
    const last = this.#newest;
    node.older = last;
    if (last === null) this.#oldest = node;
    else last.newer = node;
    this.#newest = node;
  }

  #unlink(node: N): void {
    const { older, newer } = node;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    node.older = node.newer = null;
  }
}
