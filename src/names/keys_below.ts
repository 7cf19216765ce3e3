import { ResourceNotFoundError } from "../contract/errors.ts";
import { normalizeDirectory } from "./names.ts";

interface BelowOptions {
  recursive?: boolean | undefined;
  /** What has the keys, for the message if there is no such directory. */
  owner: string;
}

/** Returns the `keys` below `directory`, sorted. The root always exists. O(keys), and the sorting. */
export function keysBelow(
  keys: Iterable<string>,
  directory: string,
  { recursive = true, owner }: BelowOptions,
): string[] {
  const start = normalizeDirectory(directory);
  const root = start === "" ? "" : `${start}/`;
  const below = [...keys].filter((key) => key.startsWith(root));
  if (below.length === 0 && root !== "") {
    throw new ResourceNotFoundError(directory, `${owner} has no such directory`, {
      action: "index",
    });
  }
  return below.filter((key) => recursive || !key.slice(root.length).includes("/")).sort();
}
