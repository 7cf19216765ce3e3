import { ResourceNotFoundError } from "../contract/errors.ts";
import { matcherOf } from "./glob.ts";
import { pathOf } from "./key.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import type { NameIndex } from "./name_index.ts";
import { normalizeName } from "./names.ts";

/** Where names are looked for. */
interface Finding {
  readonly index: NameIndex;
  readonly loaders: LoaderRegistry;
  /** Lists the keys below a directory. Errors are about `pattern`. */
  readonly files: {
    list(directory: string, options: { recursive: boolean }, pattern: string): Iterable<string>;
  };
}

/** A segment of a pattern without special characters. */
const PLAIN = /^[^*?[\](){}!@+]*$/;

/** Returns the names that fit a pattern, sorted. O(files below the directory at its start). */
export function findNames(pattern: string, { index, loaders, files }: Finding): string[] {
  const glob = normalizeName(pattern);
  const fits = matcherOf(glob);
  const segments = glob.split("/");
  // Lists only the directory that the pattern names without special characters.
  const special = segments.findIndex((segment) => !PLAIN.test(segment));
  const depth = special === -1 ? segments.length - 1 : special;
  const isDeep = segments.length > depth + 1 || segments.at(-1) === "**";
  const list = (directory: string, recursive: boolean) => [
    ...files.list(directory, { recursive }, pattern),
  ];
  return keysOrNone(list, segments.slice(0, depth).join("/"), isDeep)
    .map((key) => normalizeName(key))
    .filter((key) => fits(key) && pathOf(key) === key && loaders.find(key) !== undefined)
    .map((key) => index.nameOf(key))
    .sort();
}

/** Lists the keys below a directory. None if it is missing, unless the root is missing too. */
function keysOrNone(
  list: (directory: string, recursive: boolean) => string[],
  directory: string,
  recursive: boolean,
): string[] {
  try {
    return list(directory, recursive);
  } catch (error) {
    if (directory === "" || !(error instanceof ResourceNotFoundError)) throw error;
    list("", false);
    return [];
  }
}
