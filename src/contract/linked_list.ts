/** A node of a {@linkcode LinkedList}. It can be in one list at a time. */
export interface Linked<Node> {
  previous?: Node | undefined;
  next?: Node | undefined;
}

/** Nodes in the order in which they were added. Each operation is O(1). */
export class LinkedList<Node extends Linked<Node>> {
  first: Node | undefined;
  #last: Node | undefined;

  add(node: Node): void {
    node.previous = this.#last;
    if (this.#last) this.#last.next = node;
    else this.first = node;
    this.#last = node;
  }

  /** Removes a node, which must be in this list. */
  delete(node: Node): void {
    const { previous, next } = node;
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    node.previous = node.next = undefined;
  }

  *[Symbol.iterator](): Generator<Node> {
    for (let node = this.first; node; node = node.next) yield node;
  }
}
