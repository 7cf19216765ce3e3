import { normalize } from "@std/path/posix/normalize";
import { ResourcePathError } from "../contract/errors.ts";

const DRIVE = /^[a-z]:/i;

const URL_START = /^[a-z][a-z\d+.-]+:\/\//i;

/** A name that is already a key. Most names are, and normalising one costs four times as much. */
const KEY = /^[\w-]+(?:[./ ][\w-]+)*$/;

/** How many characters a name may have: no file system takes more. */
const MAX_LENGTH = 32_767;

/** Says what is wrong with a name, before or after it is normalised; `undefined` if nothing is. */
function problemOf(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (name.includes("\0")) return "it has a NUL character";
  if (name.includes("\\")) return "it has a backslash, use forward slashes on every platform";
  const start = name.startsWith("/")
    ? "is absolute"
    : URL_START.test(name)
    ? "is a URL"
    : DRIVE.test(name)
    ? "has a drive"
    : undefined;
  return start && `it ${start}, use a path below the source's root`;
}

/** Whether `name` is already a key, without a variant or a part. */
export function isPlainKey(name: string): boolean {
  return typeof name === "string" && name.length <= MAX_LENGTH && KEY.test(name);
}

/** Returns a path in its normal form: "." for the root. Errors are about the whole `name`. */
function normalPath(given: string, name: string): string {
  if (typeof given !== "string") throw new ResourcePathError(describe(given), "it is not a string");
  if (isPlainKey(given)) return given;
  const normal = normalize(given);
  const path = normal.endsWith("/") ? normal.slice(0, -1) : normal;
  const leadsOut = path === ".." || path.startsWith("../");
  const problem = problemOf(given) ?? (leadsOut ? "it leads out of the root" : problemOf(path));
  if (problem !== undefined) throw new ResourcePathError(name, problem);
  return path;
}

/** Says in words what is not a string. An object from a JSON file may have a property `toString`. */
function describe(value: unknown): string {
  return typeof value === "object" ? Object.prototype.toString.call(value) : String(value);
}

/**
 * Returns the key of the path `given`. Throws {@linkcode ResourcePathError} if it is not a path
 * below the root. `name` is the whole name for that error, if a variant or a part follows the path.
 */
export function normalizeName(given: string, name: string = given): string {
  const path = normalPath(given, name);
  if (path === ".") throw new ResourcePathError(name, "it is the root itself");
  return path;
}

/** Returns the key of a directory, for a source's `list`: `""` is the root. */
export function normalizeDirectory(name: string): string {
  const path = name === "" ? "." : normalPath(name, name);
  return path === "." ? "" : path;
}

/**
 * Resolves `name`, by which the resource at `path` refers to another: `./` and `../` start at its
 * directory, and the path itself leads to its file even if it is the short name of another.
 */
export function resolveRelative(name: string, path: string): string {
  if (name.startsWith(path) && /^[?#]?$/.test(name.charAt(path.length))) return `./${name}`;
  if (!name.startsWith("./") && !name.startsWith("../")) return name;
  return `./${path.slice(0, path.lastIndexOf("/") + 1)}${name}`;
}
