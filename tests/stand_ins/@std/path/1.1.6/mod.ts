/** Stand-in for `@std/path`: the platform's paths, by `node:path` and `node:url`. */
import path from "node:path";
import { fileURLToPath } from "node:url";

export function join(path_: string | URL, ...paths: string[]): string {
  return path.join(path_ instanceof URL ? fileURLToPath(path_) : path_, ...paths);
}

export function relative(from: string, to: string): string {
  return path.relative(from, to);
}

export function isAbsolute(path_: string): boolean {
  return path.isAbsolute(path_);
}

export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}
