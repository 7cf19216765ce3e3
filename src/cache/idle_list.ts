/** A member of an idle list. It has the links itself, so that moving it allocates nothing. */
export interface IdleNode<N> {
  /** Size in bytes. */
  bytes: number;
  /** The neighbour that became idle before this one. */
  older: N | null;
  /** The neighbour that became idle after this one. */
  newer: N | null;
  /** Whether unloading it frees nothing. When that changes, `resize` must be called. */
  readonly isWeightless: boolean;
  /** Above 0 while it must not be unloaded. */
  readonly pinned: number;
  /** `undefined` until it is being unloaded. A member that is being unloaded only marks its place. */
  readonly fate: unknown;
}

/**
 * The idle resources in the order in which they were last used. Every operation is O(1), amortised;
 * `oldest` also passes over the pinned ones.
 *
 * A resource that flips between idle and live every frame is the newest each time. So the newest
 * *lingers*: it stays linked when it becomes live, until another one becomes the newest. That makes the
 * way through idle and back 1.2 to 1.5 times as fast.
 */
export class IdleList<N extends IdleNode<N>> {
  #oldest: N | null = null;
  #newest: N | null = null;
  /** Whether the newest is linked although it is live. No other live one is linked. */
  #lingers = false;
  /** The number and bytes of all members that are linked, the one that lingers included. */
  #count = 0;
  #bytes = 0;
  /** This one and all older ones free nothing, so a search for one that does starts after it. */
  #passed: N | null = null;

  /** How many resources are idle. */
  get count(): number {
    return this.#lingers ? this.#count - 1 : this.#count;
  }

  /** The bytes of the idle resources together. */
  get bytes(): number {
    return this.#lingers ? this.#bytes - this.#newest!.bytes : this.#bytes;
  }

  /**
   * The one that has been idle longest and is not pinned. With `frees`, it must also free something when
   * it is unloaded; those at the start that free nothing are not looked at again by the next call.
   */
  oldest(frees = false): N | null {
    let areWeightless = true; // Whether those that it has passed free nothing.
    let node = frees && this.#passed !== null ? this.#passed.newer : this.#oldest;
    for (; node !== null && !this.#isLive(node); node = node.newer) {
      if (frees && node.isWeightless) {
        if (areWeightless) this.#passed = node;
      } else if (node.fate === undefined && node.pinned === 0) return node;
      else areWeightless = false;
    }
    return null;
  }

  /** Appends `node`, which becomes idle. */
  append(node: N): void {
    if (node === this.#newest) this.#lingers = false;
    else this.#link(node);
  }

  /** Removes `node`, which becomes live. If it is the newest, it lingers. */
  wake(node: N): void {
    if (node === this.#newest) this.#lingers = true;
    else this.#unlink(node);
  }

  /** Unlinks `node` if it lingers. Must be called before a live resource is unloaded or resized. */
  drop(node: N): void {
    if (!this.#lingers || node !== this.#newest) return;
    this.#lingers = false;
    this.#unlink(node);
  }

  /** Removes `node`, which is idle and is being unloaded. It still marks its place until `close`. */
  vacate(node: N): void {
    this.#count--;
    this.#bytes -= node.bytes;
  }

  /** Whether `node`, which is being unloaded, still marks its place. */
  hasPlace(node: N): boolean {
    return node.older !== null || node.newer !== null || node === this.#oldest;
  }

  /** Inserts `node`, which becomes idle, as the next older neighbour of `place`. */
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

  /** Unlinks a node after `vacate`. */
  close(place: N): void {
    this.#detach(place);
  }

  /** Adds `difference` when the bytes of an idle resource have changed. */
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
