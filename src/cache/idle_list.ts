/** What the list needs of its members: the links are theirs, so that moving one allocates nothing. */
export interface IdleNode<N> {
  /** Size in bytes. */
  bytes: number;
  /** The neighbour that went idle before this one. */
  older: N | null;
  /** The neighbour that went idle after this one. */
  newer: N | null;
  /** Whether unloading it frees nothing. Changes only together with a call of `resize`. */
  readonly isWeightless: boolean;
  /** Above 0 while it must not go. */
  readonly pinned: number;
  /** No longer `undefined` once it is being unloaded. If it is linked then, it only keeps its place. */
  readonly fate: unknown;
}

/**
 * The idle resources in the order in which they were last used. Every operation is O(1), amortised.
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
  /** This one and all older ones free nothing: to look for one that does starts behind it. */
  #passed: N | null = null;

  /** How many are idle. */
  get count(): number {
    return this.#lingers ? this.#count - 1 : this.#count;
  }

  /** Their bytes together. */
  get bytes(): number {
    return this.#lingers ? this.#bytes - this.#newest!.bytes : this.#bytes;
  }

  /**
   * The one that has been idle longest, of those that are not pinned; with `frees`, of those whose
   * unloading frees something. Passes the others over once, and not again the next time.
   */
  oldest(frees = false): N | null {
    let isFirst = frees;
    let node = frees && this.#passed !== null ? this.#passed.newer : this.#oldest;
    for (; node !== null && !this.#isLive(node); node = node.newer) {
      if (frees && node.isWeightless) {
        if (isFirst) this.#passed = node;
      } else if (node.fate === undefined && node.pinned === 0) return node;
      else isFirst = false;
    }
    return null;
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

  /** Takes `node` out, which is idle and is being unloaded, and keeps its place until `close`. */
  vacate(node: N): void {
    this.#count--;
    this.#bytes -= node.bytes;
  }

  /** Whether `node`, which is being unloaded, has a place here. */
  hasPlace(node: N): boolean {
    return node.older !== null || node.newer !== null || node === this.#oldest;
  }

  /** Makes `node` idle, which is live, as the next older neighbour of `place`. */
  insertBefore(node: N, place: N): void {
    this.drop(node);
    this.#count++;
    this.#bytes += node.bytes;
    const { older } = place;
    node.older = older;
    node.newer = place;
    place.older = node;
    if (older === null) this.#oldest = node;
    else older.newer = node;
  }

  /** Gives up the place that `vacate` has kept. */
  close(place: N): void {
    this.#detach(place);
  }

  /** Counts a change of one that is idle. */
  resize(difference: number): void {
    this.#bytes += difference;
    this.#passed = null;
  }

  /** From the oldest to the newest. The list must not change meanwhile. */
  *[Symbol.iterator](): Generator<N> {
    for (let node = this.#oldest; node !== null; node = node.newer) {
      if (node.fate === undefined && !this.#isLive(node)) yield node;
    }
  }

  /** All of them, the oldest first. */
  toArray(): N[] {
    return [...this];
  }

  #isLive(node: N): boolean {
    return this.#lingers && node === this.#newest;
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
    this.#detach(node);
  }

  #detach(node: N): void {
    if (node === this.#passed) this.#passed = node.older;
    const { older, newer } = node;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    node.older = node.newer = null;
  }
}
