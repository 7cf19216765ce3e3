import type { Entry } from "./_entry.ts";

/** How many ways to write its name, beside its key, an entry remembers. */
const MAX_SPELLINGS = 8;

/**
 * The resident entries. One table for their keys and for whatever else leads to them without being
 * normalised again: all that a warm load looks at, and one slot a resource.
 */
export class EntryTable {
  readonly names: Map<string, Entry> = new Map();
  /** How many names are no keys. */
  #spellings = 0;
  readonly #slotOf: (key: string) => string;

  /** `slotOf` gives the name under which a key is found: itself, unless that stands for another resource. */
  constructor(slotOf: (key: string) => string) {
    this.#slotOf = slotOf;
  }

  get size(): number {
    return this.names.size - this.#spellings;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): Entry | undefined {
    return this.names.get(this.#slotOf(key));
  }

  add(entry: Entry): void {
    this.names.set(this.#slotOf(entry.key), entry);
  }

  /** Deletes entries. To empty the whole table at once costs a third of deleting one after the other. */
  deleteAll(entries: readonly Entry[]): void {
    if (entries.length === this.size) this.names.clear();
    for (const entry of entries) this.delete(entry);
  }

  delete(entry: Entry): void {
    this.names.delete(this.#slotOf(entry.key));
    const { spellings } = entry;
    if (spellings.length === 0) return;
    for (const spelling of spellings) this.names.delete(spelling);
    this.#spellings -= spellings.length;
    entry.spellings = [];
  }

  /** Every entry once. O(names). */
  *[Symbol.iterator](): Generator<Entry> {
    for (const [name, entry] of this.names) if (name === this.#slotOf(entry.key)) yield entry;
  }

  /** Lets `name` lead to `entry` without being normalised again. */
  remember(name: string, entry: Entry): void {
    if (name === entry.key || entry.fate !== undefined || this.names.has(name)) return;
    if (entry.spellings.length >= MAX_SPELLINGS) return;
    entry.spellings = [...entry.spellings, name];
    this.#spellings++;
    this.names.set(name, entry);
  }

  /** Makes the next look at `name` ask again what it stands for, which has changed. */
  forget(name: string): void {
    const entry = this.names.get(name);
    if (entry === undefined) return;
    if (entry.key !== name) return this.#forgetSpelling(name, entry);
    const slot = this.#slotOf(name);
    if (slot === name) return;
    this.names.delete(name);
    if (entry.spellings.includes(slot)) this.#forgetSpelling(slot, entry);
    this.names.set(slot, entry);
  }

  #forgetSpelling(name: string, entry: Entry): void {
    this.names.delete(name);
    entry.spellings = entry.spellings.filter((spelling) => spelling !== name);
    this.#spellings--;
  }
}
