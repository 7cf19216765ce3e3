import { attempt } from "../contract/attempt.ts";
import { ResourcePathError } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import { cannot, quote } from "../contract/printable.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import { fileOf, pathOf, suffixOf } from "./key.ts";
import { isPlainKey, normalizeDirectory, normalizeName } from "./names.ts";

/**
 * Short names that stand for keys: `hero.png` and `hero` for `chars/hero.png`.
 * A name with a slash is always a path and is never looked up here.
 */
export class NameIndex {
  /** The key that each name stands for, or all keys that claim it. */
  readonly #keys = new Map<string, string | string[]>();
  /** The claims of each directory when it was last indexed: names with their keys, see {@linkcode claimOf}. */
  readonly #claims = new Map<string, ReadonlySet<string>>();
  /** Grows whenever names may stand for other keys than before. */
  version = 0;

  /** Lets `name` stand for `key`. Returns whether the name is new, known, or claimed by several keys. */
  add(name: string, key: string): "new" | "known" | "ambiguous" {
    this.version++;
    const known = this.#keys.get(name);
    if (known === undefined) {
      this.#keys.set(name, key);
      return "new";
    }
    if (known === key || (Array.isArray(known) && known.includes(key))) return "known";
    this.#keys.set(name, [known, key].flat());
    return "ambiguous";
  }

  /**
   * Replaces the claims of `directory`. Those of other directories stay. Returns how many names are
   * new, the claims that make names ambiguous, and the names that may stand for other keys now.
   * O(old claims · directories + new claims).
   */
  replace(
    directory: string,
    claims: ReadonlySet<string>,
  ): { added: number; ambiguous: string[]; changed: ReadonlySet<string> } {
    const old = this.#claims.get(directory) ?? [];
    this.#claims.set(directory, claims);
    const known = new Set<string>();
    const changed = new Set<string>();
    for (const claim of old) {
      const [name, key] = splitClaim(claim);
      known.add(name);
      // Another directory has the same claim, or this one still has it.
      if ([...this.#claims.values()].some((each) => each.has(claim))) continue;
      this.#remove(name, key);
      changed.add(name);
    }
    let added = 0;
    const ambiguous: string[] = [];
    for (const claim of claims) {
      const [name, key] = splitClaim(claim);
      const result = this.add(name, key);
      if (result === "new" && !known.has(name)) added++;
      if (result === "ambiguous") ambiguous.push(claim);
      if (result !== "known") changed.add(name);
    }
    return { added, ambiguous, changed };
  }

  #remove(name: string, key: string): void {
    this.version++;
    const rest = [this.#keys.get(name)!].flat().filter((each) => each !== key);
    if (rest.length === 0) this.#keys.delete(name);
    else this.#keys.set(name, rest.length === 1 ? rest[0]! : rest);
  }

  /** Whether `name` stands for `key`, and is not ambiguous. */
  leadsTo(name: string, key: string): boolean {
    return attempt(() => this.resolve(name)) === key;
  }

  /** Returns a name that leads to `key`, even if the path of `key` is also a name of another. O(key). */
  nameOf(key: string): string {
    if (this.#keys.size === 0) return key;
    const path = pathOf(key);
    const known = this.#keys.get(path);
    return known === undefined || known === path ? key : `./${key}`;
  }

  /** Returns the key that `name` stands for. Throws {@linkcode ResourcePathError} if there isn't one. */
  resolve(name: string): string {
    if (isPlainKey(name) && !this.#keys.has(name)) return name;
    const suffix = typeof name === "string" ? suffixOf(name) : "";
    if (suffix === "") return this.#keyOf(name, name);
    return this.#keyOf(name.slice(0, -suffix.length), name) + suffix;
  }

  /** Returns the key of `path`, a path or a short name in `name`. */
  #keyOf(path: string, name: string): string {
    const known = this.#keys.get(path);
    if (known === undefined) return normalizeName(path, name);
    if (typeof known === "string") return known;
    const quoted = known.map(quote).join(" and ");
    throw new ResourcePathError(
      name,
      `it is ambiguous, ${quoted} claim it: use a path ("./" for one in the root)`,
      known,
    );
  }
}

/** What {@linkcode indexFiles} works with. */
interface Indexing {
  readonly index: NameIndex;
  readonly loaders: LoaderRegistry;
  /** The directory of the files, whose earlier names are replaced. */
  readonly directory: string;
  /** Receives warnings about ambiguous names, after all files are indexed. */
  readonly events: EventHub;
  /** Called with the names that may stand for other keys now. */
  onChange(names: ReadonlySet<string>): void;
}

/**
 * Lets the file name and the stem of each file that has a loader stand for the file, in place of the
 * names that the directory had before. Returns how many names are new.
 */
export function indexFiles(files: Iterable<string>, indexing: Indexing): number {
  const { directory, index, loaders, events, onChange } = indexing;
  const claims = new Set<string>();
  for (const name of files) {
    const key = normalizeName(name);
    if (pathOf(key) !== key) {
      events.warn(cannot("index", key, `a name can't have "?" or "#" in its path`), key);
      continue;
    }
    const stem = loaders.stemOf(key);
    if (stem === undefined) continue;
    claims.add(claimOf(fileOf(key), key));
    if (!/^\.\.?$/.test(stem)) claims.add(claimOf(stem, key)); // The stem of "..txt" is a directory.
  }
  const { added, ambiguous, changed } = index.replace(normalizeDirectory(directory), claims);
  onChange(changed);
  for (const [name, key] of ambiguous.map(splitClaim)) {
    const problem = `Name ${quote(name)} is ambiguous, ${quote(key)} claims it too`;
    events.warn(`${problem}: load it by a path`, key);
  }
  return added;
}

/** A claim: a name and the key that it stands for, as one string. Neither has a NUL character. */
function claimOf(name: string, key: string): string {
  return `${name}\0${key}`;
}

function splitClaim(claim: string): [name: string, key: string] {
  const end = claim.indexOf("\0");
  return [claim.slice(0, end), claim.slice(end + 1)];
}
