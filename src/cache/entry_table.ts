import { pathOf } from "../names/key.ts";
import type { NameIndex } from "../names/name_index.ts";
import type { Cache } from "./cache.ts";
import { Entry, GONE, NOTHING } from "./entry.ts";
import { SlotMap } from "./slot_map.ts";

/** How many spellings besides its key are stored for an entry. */
const MAX_SPELLINGS = 8;

/** Fills the slot of an entry that was deleted. Its type fits no load, so the fast path never returns it. */
const PLACEHOLDER: Entry = /* @__PURE__ */ new Entry(
  "",
  { value: GONE, bytes: 0, unloader: {} },
  NOTHING,
  { cache: undefined as unknown as Cache, id: -1 },
);

/**
 * The resident entries. One map has their keys and the other spellings by which they were found, so a
 * load of a resident resource looks only once, and a resource without other spellings takes one slot.
 */
export class EntryTable {
  readonly #names: SlotMap<Entry> = new SlotMap(PLACEHOLDER);
  /** How many names in the map are other spellings. */
  #spellings = 0;
  /** The variants and parts of files, by the path of the file. */
  readonly #suffixed = new Map<string, Set<Entry>>();
  readonly #index: NameIndex;

  constructor(index: NameIndex) {
    this.#index = index;
  }

  /**
   * Entries by name, for the fast path of a load. Compare the type: an entry of another type has to be
   * checked first, and may be a placeholder.
   */
  get warm(): Map<string, Entry> {
    return this.#names.slots;
  }

  get size(): number {
    return this.#names.size - this.#spellings;
  }

  /** The entry that has `name` as its key or as a stored spelling. Does not normalise the name. */
  find(name: string): Entry | undefined {
    return this.#names.get(name);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): Entry | undefined {
    return this.#names.get(this.#slotOf(key));
  }

  /** The entries that are made from the file at `path`: of that key, of its variants and of its parts. */
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

  /** Deletes entries. Emptying the whole table at once takes a third of the time of single deletions. */
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

  /** Stores `name` as a spelling of `entry`, so that it need not be normalised again. */
  remember(name: string, entry: Entry): void {
    if (name === entry.key || entry.fate !== undefined || this.find(name)) return;
    if (entry.spellings.length >= MAX_SPELLINGS) return;
    entry.spellings = [...entry.spellings, name];
    this.#spellings++;
    this.#names.add(name, entry);
  }

  /**
   * Updates the table when the index has changed what `names` stand for: the next look-up of each one
   * normalises it again. O(names, variants and parts).
   */
  renamed(names: ReadonlySet<string>): void {
    for (const name of names) this.#update(name);
    for (const entries of this.#suffixed.values()) {
      for (const { key, spellings } of entries) {
        for (const name of [key, ...spellings]) if (names.has(pathOf(name))) this.#update(name);
      }
    }
  }

  /** Updates the table when `name`, a key or a spelling, may stand for another key now. */
  #update(name: string): void {
    const known = this.find(name);
    if (known && known.key !== name) this.#forgetSpelling(name, known);
    this.#moveSlot(name);
  }

  /** Moves the entry of `key`, if there is one, to the slot that the index now leaves to it. */
  #moveSlot(key: string): void {
    const slot = this.#slotOf(key);
    const other = slot === key ? `./${key}` : key;
    const entry = this.find(other);
    if (entry?.key !== key || entry.spellings.includes(other)) return;
    this.#names.delete(other);
    if (entry.spellings.includes(slot)) this.#forgetSpelling(slot, entry);
    this.#names.add(slot, entry);
  }

  #deleteSuffixed(entry: Entry): void {
    const path = pathOf(entry.key);
    const known = this.#suffixed.get(path);
    known?.delete(entry);
    if (known?.size === 0) this.#suffixed.delete(path);
  }

  /**
   * The name of the slot of `key`: the key itself, or `./` and the key if the index uses the key as a
   * name of another one.
   */
  #slotOf(key: string): string {
    return this.#index.nameOf(key);
  }

  #forgetSpelling(name: string, entry: Entry): void {
    this.#names.delete(name);
    entry.spellings = entry.spellings.filter((spelling) => spelling !== name);
    this.#spellings--;
  }
}
