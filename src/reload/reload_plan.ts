import type { Dependents } from "../cache/dependents.ts";
import type { Entry } from "../cache/entry.ts";

/**
 * What is to be reloaded when `roots` have changed: those, and once each all that depend on them, each
 * after those that it depends on. Its caller reports each swap; the dependents of an
 * entry that keeps its old value are not due. O(what is reloaded and its dependencies).
 */
export class ReloadPlan implements Iterable<Entry> {
  readonly #roots: readonly Entry[];
  readonly #dependents: Dependents;
  /** The keys of which something is new: they themselves, or something below them. */
  readonly #renewed = new Set<string>();

  constructor(roots: readonly Entry[], dependents: Dependents) {
    this.#roots = roots;
    this.#dependents = dependents;
  }

  /** The value of `entry` is a new one. */
  swapped(entry: Entry): void {
    this.#renewed.add(entry.key);
  }

  *[Symbol.iterator](): Generator<Entry> {
    // What depends on an entry only since its own reload may have come too early: it is due again.
    for (let roots = new Set(this.#roots); roots.size > 0;) {
      const overtaken = new Set<Entry>();
      const done = new Set<Entry>();
      for (const entry of this.#order(roots)) {
        if (entry.fate !== undefined) continue;
        const { key, dependencies } = entry;
        const isAbove = dependencies.some((each) => this.#renewed.has(each));
        if (!isAbove && !roots.has(entry)) continue;
        if (isAbove) this.#renewed.add(key); // Even if it keeps its value: what that refers to is new.
        yield entry;
        done.add(entry);
        if (!this.#renewed.has(key)) continue;
        for (const each of this.#dependents.of(key)) if (done.has(each)) overtaken.add(each);
      }
      roots = overtaken;
    }
  }

  /** `roots` and all that depend on them, each after those that it depends on. */
  #order(roots: Iterable<Entry>): Entry[] {
    const order: Entry[] = [];
    const seen = new Set<Entry>();
    const visit = (entry: Entry) => {
      if (seen.has(entry)) return;
      seen.add(entry);
      for (const each of this.#dependents.of(entry.key)) visit(each);
      order.push(entry);
    };
    for (const root of [...roots].reverse()) visit(root);
    return order.reverse();
  }
}
