import { ResourceNotFoundError } from "../contract/errors.ts";
import { normalizeDirectory } from "../names/names.ts";

interface ListOptions {
  recursive?: boolean;
  /** What has the keys, for the message if none of them is below the directory. */
  holder: string;
}

/**
 * Those of `keys` that are below `directory`, sorted. O(keys).
 *
 * @throws {ResourceNotFoundError} There are none, and the directory is not the root.
 */
export function listKeys(
  keys: Iterable<string>,
  directory: string,
  { recursive = true, holder }: ListOptions,
): string[] {
  const start = normalizeDirectory(directory);
  const root = start === "" ? "" : `${start}/`;
  const below = [...keys].filter((key) => key.startsWith(root));
  if (below.length === 0 && root !== "") {
    const problem = `${holder} has no such directory`;
    throw new ResourceNotFoundError(directory, problem, { action: "index" });
  }
  return below.filter((key) => recursive || !key.slice(root.length).includes("/")).sort();
}
