import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import { ResourceNotFoundError } from "../contract/errors.ts";
import { pathOf } from "./key.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import type { NameIndex } from "./name_index.ts";
import { normalizeName } from "./names.ts";

/** Where names are looked for. */
export interface Finding {
  readonly index: NameIndex;
  readonly loaders: LoaderRegistry;
  /** Lists the keys below a directory. */
  list(directory: string, options: { recursive: boolean }): Iterable<string>;
}

/** What is not special in a pattern. */
const PLAIN = /^[^*?[\](){}!@+]*$/;

/** The names that a pattern fits, sorted. O(files below the directory that the pattern begins with). */
export function findNames(pattern: string, { index, loaders, list }: Finding): string[] {
  const glob = normalizeName(pattern);
  const regExp = globToRegExp(glob);
  const segments = glob.split("/");
  const first = segments.findIndex((segment) => !PLAIN.test(segment));
  const depth = first === -1 ? segments.length - 1 : first;
  const isDeep = segments.length > depth + 1 || segments.at(-1) === "**";
  const keys = listed(list, segments.slice(0, depth).join("/"), isDeep);
  return keys
    .map((key) => normalizeName(key))
    .filter((key) => regExp.test(key) && pathOf(key) === key && loaders.find(key) !== undefined)
    .map((key) => index.nameOf(key))
    .sort();
}

/** The keys below a directory; none if the source has no such directory, but has a root. */
function listed(list: Finding["list"], directory: string, recursive: boolean): string[] {
  try {
    return [...list(directory, { recursive })];
  } catch (error) {
    if (directory === "" || !(error instanceof ResourceNotFoundError)) throw error;
    void list("", { recursive: false });
    return [];
  }
}
