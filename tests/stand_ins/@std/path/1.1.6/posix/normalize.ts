/** Stand-in for `@std/path/posix/normalize`: forward slashes on every platform, by `node:path`. */
import path from "node:path";

export function normalize(path_: string): string {
  return path.posix.normalize(path_);
}
