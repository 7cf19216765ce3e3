/** The two solutions that everybody writes first. */
import type { Sprite } from "../../_sprites.ts";
import { Contender } from "../contender.ts";

interface Counted {
  readonly value: Sprite;
  count: number;
}

/** The minimum: a map and a count. It checks nothing and never frees a value. */
export class BareMap extends Contender {
  readonly #entries = new Map<string, Counted>();

  visit(name: string): number {
    const entry = this.#entries.get(name)!;
    entry.count++;
    const { id } = entry.value;
    entry.count--;
    return id;
  }

  take(name: string): Counted {
    let entry = this.#entries.get(name);
    if (entry === undefined) this.#entries.set(name, entry = { value: this.make(name), count: 0 });
    entry.count++;
    return entry;
  }

  release(reference: Counted): void {
    reference.count--;
  }
}

interface Reference {
  readonly value: Sprite;
  release(): void;
}

/** As in a tutorial: a reference is an object with a closure that releases it once. */
export class Closures extends Contender {
  readonly #entries = new Map<string, Counted>();

  #acquire(name: string): Reference {
    let entry = this.#entries.get(name);
    if (entry === undefined) this.#entries.set(name, entry = { value: this.make(name), count: 0 });
    const counted = entry;
    counted.count++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      if (--counted.count > 0) return;
      this.#entries.delete(name);
      this.gone++;
    };
    return { value: counted.value, release };
  }

  visit(name: string): number {
    const reference = this.#acquire(name);
    const { id } = reference.value;
    reference.release();
    return id;
  }

  take(name: string): Reference {
    return this.#acquire(name);
  }

  release(reference: Reference): void {
    reference.release();
  }
}
