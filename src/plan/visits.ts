import type { LeaseHolder } from "../leaks/leases.ts";

/** A scope that is open: a scene that is being played. */
interface Visit {
  readonly label: string;
  /** The scene that it was entered from, and is not over. */
  parent: Visit | undefined;
  /** The scene that was entered last within this one. */
  last: string | undefined;
}

/**
 * Which scenes are being played, and which followed which. What follows a scene is the next one that
 * is entered where it was: a pause menu within a level does not come between two levels. Where the next
 * scene is entered before the last one is left, it takes the place of that.
 */
export class Visits {
  /** How often each scene was followed by which others. */
  readonly successors: Map<string, Map<string, number>> = new Map();
  /** The oldest first. */
  readonly #open = new Map<LeaseHolder, Visit>();
  /** Outside of all scenes. */
  readonly #outside: Visit = { label: "", parent: undefined, last: undefined };
  #current = this.#outside;

  /** The scene that was entered last of those that are being played, or `""`. */
  get current(): string {
    return this.#current.label;
  }

  /** Whether a scene of that label is being played. O(open scopes). */
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
