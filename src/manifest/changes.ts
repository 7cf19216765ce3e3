import { plural } from "../contract/errors.ts";
import type { ManifestFile } from "../contract/manifest.ts";
import { listed, quote } from "../contract/printable.ts";

/** How many names a list shows. */
const MAX_SHOWN = 10;

/** The names of files that differ between two manifests. */
export interface Changes {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

type Files = ReadonlyMap<string, ManifestFile>;

/** Compares the files of two manifests. O(files). */
export function changesOf(before: Files, after: Files): Changes {
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after].filter(([name, { sha256 }]) =>
      before.has(name) && before.get(name)!.sha256 !== sha256
    ).map(([name]) => name),
  };
}

/** Each kind of change on a line of its own, with the first names. */
export function describeChanges(changes: Changes): string[] {
  return Object.entries(changes).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.length === 0
      ? []
      : `${plural(names.length, "file")} ${kind}: ${listed(names.map(quote), MAX_SHOWN)}`
  );
}
