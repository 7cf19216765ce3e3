import { ResourceNotFoundError } from "../contract/errors.ts";
import { matcherOf } from "./glob.ts";
import { pathOf } from "./key.ts";
import type { LoaderRegistry } from "./loader_registry.ts";
import type { NameIndex } from "./name_index.ts";
import { normalizeName } from "./names.ts";

/** Where names are looked for. */
export interface Finding {
  readonly index: NameIndex;
  readonly loaders: LoaderRegistry;
  /** Lists the keys below a directory, for who has asked for a pattern. */
  readonly files: {
    list(directory: string, options: { recursive: boolean }, pattern: string): Iterable<string>;
  };
}

/** What is not special in a pattern. */
const PLAIN = /^[^*?[\](){}!@+]*$/;

/** The names that a pattern fits, sorted. O(files below the directory that the pattern begins with). */
export function findNames(pattern: string, { index, loaders, files }: Finding): string[] {
  const glob = normalizeName(pattern);
  const fits = matcherOf(glob);
  const segments = glob.split("/");
  const first = segments.findIndex((segment) => !PLAIN.test(segment));
  const depth = first === -1 ? segments.length - 1 : first;
  const isDeep = segments.length > depth + 1 || segments.at(-1) === "**";
  const list = (directory: string, recursive: boolean) => [
    ...files.list(directory, { recursive }, pattern),
  ];
  return listed(list, segments.slice(0, depth).join("/"), isDeep)
    .map((key) => normalizeName(key))
    .filter((key) => fits(key) && pathOf(key) === key && loaders.find(key) !== undefined)
    .map((key) => index.nameOf(key))
    .sort();
}

/** The keys below a directory; none if the source has no such directory, but has a root. */
function listed(
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
