import { ResourcePathError } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import { quote } from "../contract/printable.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import { normalizeDirectory, normalizeName } from "./names.ts";

/**
 * Short names that stand for keys: `hero.png` and `hero` for `chars/hero.png`.
 * A name with a slash is always a path and is never looked up here.
 */
export class NameIndex {
  readonly #keys = new Map<string, string | string[]>();
  /** What each directory gave when it was last indexed. */
  readonly #claims = new Map<string, ReadonlySet<string>>();
  /** Grows whenever names may have come to stand for something else. */
  version = 0;

  /** Lets `name` stand for `key`. Returns whether the name is new, known, or now claimed by several keys. */
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
   * Lets the names of `claims` stand for their keys, instead of those that `directory` gave before. What
   * other directories gave stays. Calls `onChange` for each name that stands for something else then.
   * Returns how many are new, and the claims that make names ambiguous. O(claims, old and new).
   */
  replace(
    directory: string,
    claims: ReadonlySet<string>,
    onChange: (name: string) => void,
  ): { added: number; ambiguous: string[] } {
    const old = this.#claims.get(directory) ?? [];
    this.#claims.set(directory, claims);
    const known = new Set<string>();
    for (const claim of old) {
      const [name, key] = parts(claim);
      known.add(name);
      if ([...this.#claims.values()].some((each) => each.has(claim))) continue;
      this.#remove(name, key);
      onChange(name);
    }
    let added = 0;
    const ambiguous: string[] = [];
    for (const claim of claims) {
      const [name, key] = parts(claim);
      const result = this.add(name, key);
      if (result === "new" && !known.has(name)) added++;
      if (result === "ambiguous") ambiguous.push(claim);
      if (result !== "known") onChange(name);
    }
    return { added, ambiguous };
  }

  #remove(name: string, key: string): void {
    this.version++;
    const rest = [this.#keys.get(name)!].flat().filter((each) => each !== key);
    if (rest.length === 0) this.#keys.delete(name);
    else this.#keys.set(name, rest.length === 1 ? rest[0]! : rest);
  }

  /** Whether `name` stands for `key`, and for nothing else. */
  leadsTo(name: string, key: string): boolean {
    try {
      return this.resolve(name) === key;
    } catch {
      return false;
    }
  }

  /** A name that leads to `key` for sure: `key` itself may have come to stand for another. */
  nameOf(key: string): string {
    const known = this.#keys.size === 0 ? undefined : this.#keys.get(key);
    return known === undefined || known === key ? key : `./${key}`;
  }

  /** The key that `name` stands for. Throws {@linkcode ResourcePathError} if there is none, or several. */
  resolve(name: string): string {
    const known = this.#keys.get(name);
    if (known === undefined) return normalizeName(name);
    if (typeof known === "string") return known;
    const quoted = known.map(quote).join(" and ");
    throw new ResourcePathError(
      name,
      `it is ambiguous, ${quoted} claim it: use a path ("./" for one in the root)`,
      known,
    );
  }
}

/** Where short names go, and who is told. */
export interface Indexing {
  readonly index: NameIndex;
  readonly loaders: LoaderRegistry;
  /** Where the files are: what it gave before goes. */
  readonly directory: string;
  /** Told of ambiguous names by warnings, once all is done. */
  readonly events: EventHub;
  /** A name stands for something else now. */
  onChange(name: string): void;
}

/**
 * Lets the file name and the stem of each file that has a loader stand for it, instead of what their
 * directory gave before. Returns how many names are new.
 */
export function indexFiles(files: Iterable<string>, indexing: Indexing): number {
  const { directory, index, loaders, events, onChange } = indexing;
  const claims = new Set<string>();
  for (const name of files) {
    const key = normalizeName(name);
    const stem = loaders.find(key)?.stem;
    if (stem === undefined) continue;
    claims.add(claimOf(key.slice(key.lastIndexOf("/") + 1), key));
    if (!/^\.\.?$/.test(stem)) claims.add(claimOf(stem, key)); // Of "..txt" that would be a directory.
  }
  const { added, ambiguous } = index.replace(normalizeDirectory(directory), claims, onChange);
  for (const [name, key] of ambiguous.map(parts)) {
    const problem = `Name ${quote(name)} is ambiguous, ${quote(key)} claims it too`;
    events.warn(`${problem}: load it by a path`, key);
  }
  return added;
}

/** A name and its key as one string: neither has a NUL. */
function claimOf(name: string, key: string): string {
  return `${name}\0${key}`;
}

function parts(claim: string): [name: string, key: string] {
  const end = claim.indexOf("\0");
  return [claim.slice(0, end), claim.slice(end + 1)];
}
