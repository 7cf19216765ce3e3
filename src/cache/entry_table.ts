import { pathOf } from "../names/key.ts";
import type { NameIndex } from "../names/name_index.ts";
import type { Cache } from "./cache.ts";
import { Entry, GONE, NOTHING } from "./entry.ts";
import { SlotMap } from "./slot_map.ts";

/** How many ways to write its name, beside its key, an entry remembers. */
const MAX_SPELLINGS = 8;

/** Stands in the slot of an entry that has gone. Its type matches none, so that no warm load takes it. */
const NOBODY: Entry = /* @__PURE__ */ new Entry(
  "",
  { value: GONE, bytes: 0, unloader: {} },
  NOTHING,
  { cache: undefined as unknown as Cache, id: -1 },
);

/**
 * The resident entries. One table for their keys and for whatever else leads to them without being
 * normalised again: all that a warm load looks at, and one slot a resource.
 */
export class EntryTable {
  readonly #names: SlotMap<Entry> = new SlotMap(NOBODY);
  /** How many names are no keys. */
  #spellings = 0;
  /** The variants and parts of files, by the path of those. */
  readonly #suffixed = new Map<string, Set<Entry>>();
  readonly #index: NameIndex;

  constructor(index: NameIndex) {
    this.#index = index;
  }

  /** Entries by name, for a warm load: what it finds of another type is no hit, or not even there. */
  get warm(): Map<string, Entry> {
    return this.#names.slots;
  }

  get size(): number {
    return this.#names.size - this.#spellings;
  }

  /** What `name` leads to as it stands, a key or a spelling that is remembered. */
  find(name: string): Entry | undefined {
    return this.#names.get(name);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): Entry | undefined {
    return this.#names.get(this.#slotOf(key));
  }

  /** What the file at `path` is read for: the entry of that key, its variants and its parts. */
  *of(path: string): Generator<Entry> {
    const whole = this.get(path);
    if (whole) yield whole;
    yield* this.#suffixed.get(path) ?? [];
  }

  add(entry: Entry): void {
    const { key } = entry;
    this.#names.add(this.#slotOf(key), entry);
    const path = pathOf(key);
    if (path === key) return;
    const known = this.#suffixed.get(path);
    if (!known) this.#suffixed.set(path, new Set([entry]));
    else known.add(entry);
  }

  /** Deletes entries. To empty the whole table at once costs a third of deleting one after the other. */
  deleteAll(entries: readonly Entry[]): void {
    if (entries.length < this.size) return entries.forEach((entry) => this.delete(entry));
    this.#names.clear();
    this.#suffixed.clear();
    this.#spellings = 0;
    for (const entry of entries) if (entry.spellings.length > 0) entry.spellings = [];
  }

  delete(entry: Entry): void {
    this.#names.delete(this.#slotOf(entry.key));
    if (this.#suffixed.size > 0) this.#deleteSuffixed(entry);
    const { spellings } = entry;
    if (spellings.length === 0) return;
    for (const spelling of spellings) this.#names.delete(spelling);
    this.#spellings -= spellings.length;
    entry.spellings = [];
  }

  /** Every entry once. O(names). */
  *[Symbol.iterator](): Generator<Entry> {
    for (const [name, entry] of this.#names) if (name === this.#slotOf(entry.key)) yield entry;
  }

  /** Lets `name` lead to `entry` without being normalised again. */
  remember(name: string, entry: Entry): void {
    if (name === entry.key || entry.fate !== undefined || this.find(name)) return;
    if (entry.spellings.length >= MAX_SPELLINGS) return;
    entry.spellings = [...entry.spellings, name];
    this.#spellings++;
    this.#names.add(name, entry);
  }

  /** Makes the next look at these names ask again what they stand for. O(names, variants and parts). */
  renamed(names: ReadonlySet<string>): void {
    for (const name of names) this.#renamed(name);
    for (const entries of this.#suffixed.values()) {
      for (const { key, spellings } of entries) {
        for (const name of [key, ...spellings]) if (names.has(pathOf(name))) this.#renamed(name);
      }
    }
  }

  #renamed(name: string): void {
    const known = this.find(name);
    if (known && known.key !== name) this.#forgetSpelling(name, known);
    // The resource whose key it is may have to be found by another name now, or by its own again.
    const slot = this.#slotOf(name);
    const old = slot === name ? `./${name}` : name;
    const entry = this.find(old);
    if (entry?.key !== name || entry.spellings.includes(old)) return;
    this.#names.delete(old);
    if (entry.spellings.includes(slot)) this.#forgetSpelling(slot, entry);
    this.#names.add(slot, entry);
  }

  #deleteSuffixed(entry: Entry): void {
    const path = pathOf(entry.key);
    const known = this.#suffixed.get(path);
    known?.delete(entry);
    if (known?.size === 0) this.#suffixed.delete(path);
  }

  /** The name under which `key` is found: the key itself, unless that is the name of another one. */
  #slotOf(key: string): string {
    return this.#index.nameOf(key);
  }

  #forgetSpelling(name: string, entry: Entry): void {
    this.#names.delete(name);
    entry.spellings = entry.spellings.filter((spelling) => spelling !== name);
    this.#spellings--;
  }
}
