import { ResourcePathError } from "../contract/errors.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import { normalizeName } from "./names.ts";

/**
 * Short names that stand for keys: `hero.png` and `hero` for `chars/hero.png`.
 * A name with a slash is always a path and is never looked up here.
 */
export class NameIndex {
  readonly #keys = new Map<string, string | string[]>();
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
    const quoted = known.map((key) => `"${key}"`).join(" and ");
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
  /** A name stands for something else now; for several keys, if the last that claims it is given. */
  onChange(name: string, ambiguous: string | undefined): void;
}

/** Lets the file name and the stem of each file that has a loader stand for it. Returns how many are new. */
export function indexFiles(files: Iterable<string>, indexing: Indexing): number {
  const { index, loaders, onChange } = indexing;
  let added = 0;
  for (const name of files) {
    const key = normalizeName(name);
    const stem = loaders.find(key)?.stem;
    if (stem === undefined) continue;
    for (const short of [key.slice(key.lastIndexOf("/") + 1), stem]) {
      const result = index.add(short, key);
      if (result === "new") added++;
      if (result !== "known") onChange(short, result === "ambiguous" ? key : undefined);
    }
  }
  return added;
}
