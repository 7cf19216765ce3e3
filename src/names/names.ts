import { normalize } from "@std/path/posix/normalize";
import { ResourcePathError } from "../contract/errors.ts";

const DRIVE = /^[a-z]:/i;

const URL_START = /^[a-z][a-z\d+.-]+:\/\//i;

/** What is a key as it stands. Most names are, and to normalise one costs four times as much. */
const KEY = /^[\w-]+(?:[./ ][\w-]+)*$/;

/** The characters that a name may have: no file system takes more. */
const MAX_LENGTH = 32_767;

/** What is wrong with a name, before and after it is normalised; `undefined` if nothing is. */
function problemOf(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > MAX_LENGTH) return `it has more than ${MAX_LENGTH} characters`;
  if (name.includes("\0")) return "it has a NUL character";
  if (name.includes("\\")) return "it has a backslash, use forward slashes on every platform";
  if (name.startsWith("/")) return "it is absolute, use a path below the source's root";
  if (URL_START.test(name)) return "it is a URL, use a path below the source's root";
  if (DRIVE.test(name)) return "it has a drive, use a path below the source's root";
  return undefined;
}

/** The normalised path that a name stands for, which is "." for the root. */
function pathOf(name: string): string {
  if (typeof name !== "string") throw new ResourcePathError(describe(name), "it is no string");
  if (name.length <= MAX_LENGTH && KEY.test(name)) return name;
  const normal = normalize(name);
  const path = normal.endsWith("/") ? normal.slice(0, -1) : normal;
  const leadsOut = path === ".." || path.startsWith("../");
  const problem = problemOf(name) ?? (leadsOut ? "it leads out of the root" : problemOf(path));
  if (problem !== undefined) throw new ResourcePathError(name, problem);
  return path;
}

/** What is no string, as one. Objects out of a JSON file may have a `toString` of their own. */
function describe(value: unknown): string {
  return typeof value === "object" ? Object.prototype.toString.call(value) : String(value);
}

/** The key that a path stands for. Throws {@linkcode ResourcePathError} if it stands for none. */
export function normalizeName(name: string): string {
  const path = pathOf(name);
  if (path === ".") throw new ResourcePathError(name, "it is the root itself");
  return path;
}

/** The key of a directory, for a source's `list`: `""` is the root. */
export function normalizeDirectory(name: string): string {
  const path = name === "" ? "." : pathOf(name);
  return path === "." ? "" : path;
}

/** The name that `name`, written in the resource `key`, stands for: `./` and `../` start at its directory. */
export function resolveRelative(name: string, key: string): string {
  if (!name.startsWith("./") && !name.startsWith("../")) return name;
  return `./${key.slice(0, key.lastIndexOf("/") + 1)}${name}`;
}
