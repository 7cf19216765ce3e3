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
 * stays linked when it wakes, and leaves only when another takes its place: it *lingers*. Through idle
 * and back is 1.2 to 1.5 times as fast by that.
 */
export class IdleList<N extends IdleNode<N>> {
  #oldest: N | null = null;
  #newest: N | null = null;
  /** Whether the newest is linked, but live. Never more than that one. */
  #lingers = false;
  /** Of those that are linked. */
  #count = 0;
  #bytes = 0;

  /** How many are idle. */
  get count(): number {
    return this.#lingers ? this.#count - 1 : this.#count;
  }

  /** Their bytes together. */
  get bytes(): number {
    return this.#lingers ? this.#bytes - this.#newest!.bytes : this.#bytes;
  }

  /** The one that has been idle for longest. */
  get oldest(): N | null {
    return this.count === 0 ? null : this.#oldest;
  }

  /** Appends `node`, which is not idle yet. */
  append(node: N): void {
    if (node === this.#newest) this.#lingers = false;
    else this.#link(node);
  }

  /** Takes `node` out, which is idle and is becoming live. It may linger. */
  wake(node: N): void {
    if (node === this.#newest) this.#lingers = true;
    else this.#unlink(node);
  }

  /** Unlinks `node` if it lingers: a live resource that is unloaded or resized must leave no trace. */
  drop(node: N): void {
    if (!this.#lingers || node !== this.#newest) return;
    this.#lingers = false;
    this.#unlink(node);
  }

  /** Counts a change in the size of one that is idle. */
  resize(difference: number): void {
    this.#bytes += difference;
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
    if (this.#lingers) this.drop(this.#newest!);
    this.#count++;
    this.#bytes += node.bytes;
    const last = this.#newest;
    node.older = last;
    if (last === null) this.#oldest = node;
    else last.newer = node;
    this.#newest = node;
  }

  #unlink(node: N): void {
    this.#count--;
    this.#bytes -= node.bytes;
    const { older, newer } = node;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    node.older = node.newer = null;
  }
}
