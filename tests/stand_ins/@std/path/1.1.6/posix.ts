/** Stand-in for `@std/path/posix`: forward slashes on every platform, by `node:path`. */
import path from "node:path";

export function normalize(path_: string): string {
  return path.posix.normalize(path_);
}

export function join(path_: string, ...paths: string[]): string {
  return path.posix.join(path_, ...paths);
}

export function dirname(path_: string): string {
  return path.posix.dirname(path_);
}
