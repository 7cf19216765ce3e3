import type { LoaderRegistry } from "./loader_registry.ts";
import { type NameIndex, normalizeName } from "./names.ts";

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
