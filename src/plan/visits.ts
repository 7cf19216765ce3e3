import type { LeaseHolder } from "../leaks/leases.ts";

/** An open scope: a scene that is being played. */
interface Visit {
  readonly label: string;
  /** The open scene from which it was entered. */
  parent: Visit | undefined;
  /** The scene that was entered last inside this one. */
  last: string | undefined;
}

/**
 * Which scenes are being played, and which scene followed which. A scene is followed by the next one that
 * is entered from the same parent, so a pause menu inside a level does not come between two levels. If
 * the next scene is entered before the old one is left, it takes the old one's place.
 */
export class Visits {
  /** For each scene, how often each other scene followed it. */
  readonly successors: Map<string, Map<string, number>> = new Map();
  /** The open scopes, the oldest first. */
  readonly #open = new Map<LeaseHolder, Visit>();
  /** Stands for the time outside of all scenes. */
  readonly #outside: Visit = { label: "", parent: undefined, last: undefined };
  #current = this.#outside;

  /** The label of the open scene that was entered last, or `""`. */
  get current(): string {
    return this.#current.label;
  }

  /** Whether a scene with this label is being played. O(open scopes). */
  has(label: string): boolean {
    for (const visit of this.#open.values()) if (visit.label === label) return true;
    return false;
  }

  enter(scope: LeaseHolder): void {
    const parent = this.#current;
    const { label } = scope;
    this.#count(parent.last ?? parent.label, label);
    parent.last = label;
    this.#current = { label, parent, last: undefined };
    this.#open.set(scope, this.#current);
  }

  /** O(open scopes). */
  leave(scope: LeaseHolder): void {
    const visit = this.#open.get(scope);
    if (visit === undefined) return;
    this.#open.delete(scope);
    this.#current = this.#outside;
    for (const other of this.#open.values()) {
      if (other.parent === visit) this.#replace(visit, other);
      this.#current = other;
    }
  }

  #replace({ parent }: Visit, heir: Visit): void {
    heir.parent = parent;
    parent!.last = heir.label;
  }

  #count(from: string, to: string): void {
    if (from === to) return;
    let counts = this.successors.get(from);
    if (counts === undefined) this.successors.set(from, counts = new Map());
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
}
