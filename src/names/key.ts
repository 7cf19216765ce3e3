import { ResourcePathError } from "../contract/errors.ts";

/** The parts of a key: the path of a file, and a variant and a part of it, or `""` without them. */
export interface KeyParts {
  readonly path: string;
  readonly variant: string;
  readonly part: string;
}

/** The index at which the path of a name ends: what follows begins with `?` or `#`. */
function endOfPath(name: string): number {
  const variant = name.indexOf("?");
  const part = name.indexOf("#");
  if (variant === -1) return part === -1 ? name.length : part;
  return part === -1 ? variant : Math.min(variant, part);
}

/** The last argument of {@linkcode pathOf} and its result: each load calls it several times with the same. */
let lastName = "";
let lastPath = "";

/** The path of a key or a name, which the source reads. O(name). */
export function pathOf(name: string): string {
  if (name === lastName) return lastPath;
  const end = endOfPath(name);
  lastName = name;
  return lastPath = end === name.length ? name : name.slice(0, end);
}

/** The last part of a path: the name of a file. O(path). */
export function fileOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A key without its part. O(key). */
export function wholeOf(key: string): string {
  const end = key.indexOf("#");
  return end === -1 ? key : key.slice(0, end);
}

/** Splits a key or a name into its parts. O(name). */
export function partsOf(name: string): KeyParts {
  const path = pathOf(name);
  const hash = name.indexOf("#", path.length);
  const end = hash === -1 ? name.length : hash;
  return { path, variant: name.slice(path.length + 1, end), part: name.slice(end + 1) };
}

/** Returns what follows the path of a name. Throws {@linkcode ResourcePathError} if it is malformed. */
export function suffixOf(name: string): string {
  const suffix = name.slice(endOfPath(name));
  const problem = suffix === "" ? undefined : problemOf(suffix);
  if (problem !== undefined) throw new ResourcePathError(name, problem);
  return suffix;
}

function problemOf(suffix: string): string | undefined {
  if (suffix.includes("\0")) return "it has a NUL character";
  if (suffix.includes("#", suffix.indexOf("#") + 1)) return "a part has no parts of its own";
  if (suffix.endsWith("#")) return 'it ends in "#", write the part after it';
  return /^\?(#|$)/.test(suffix) ? 'its variant is empty, write one after "?"' : undefined;
}
