import { attempt } from "../contract/attempt.ts";
import { below } from "./real_path.ts";
import { systemFiles } from "./runtime_files.ts";
import type { DirectoryEntry, FileInfo } from "./system_files.ts";

/** Directories that change often and contain no assets. */
const IGNORED = /^(\.git|node_modules)$/;

/** The directories below a root, and how to watch them on a system that follows links. */
export interface Survey {
  /** The identity of each directory by its path. Links are not followed. */
  readonly directories: Map<string, string>;
  /** Directories to watch recursively. */
  readonly trees: string[];
  /** Directories to watch alone, because some of those below must not be watched; outer ones first. */
  readonly single: string[];
}

/** Lists everything below `root`. O(files). */
export function survey(root: string): Survey {
  const result: Survey = { directories: new Map(), trees: [], single: [] };
  if (visit(root, result)) result.trees.push(root);
  result.single.reverse();
  return result;
}

/** Adds `path` and all below to `result`. Returns whether `path` can be watched recursively. */
function visit(path: string, result: Survey): boolean {
  const info = infoOf(path);
  const entries = entriesOf(path);
  if (!info || !entries) return false; // It was removed, or may not be read.
  result.directories.set(path, identityOf(info));
  const trees: string[] = [];
  let isTree = true;
  for (const { name, isDirectory, isSymlink } of entries) {
    const child = below(path, name);
    if (isDirectory && !isIgnored(name) && visit(child, result)) trees.push(child);
    else if (isDirectory || (isSymlink && leadsToDirectory(child))) isTree = false;
  }
  if (isTree) return true;
  result.single.push(path);
  result.trees.push(...trees);
  return false;
}

/** Whether a key is in a directory that is not watched, or is one. */
export function isIgnored(key: string): boolean {
  return key.split("/").some((part) => IGNORED.test(part));
}

/** Returns the info of a file, or of a link itself; `undefined` if there is none. */
export function infoOf(path: string): FileInfo | undefined {
  return attempt(() => systemFiles().lstatSync(path));
}

/** Differs for a directory that replaced another one. Systems reuse inode numbers at once. */
export function identityOf({ ino, birthtime }: FileInfo): string {
  return `${ino} ${birthtime?.getTime()}`;
}

/** Whether a link leads to a directory. */
export function leadsToDirectory(link: string): boolean {
  return attempt(() => systemFiles().statSync(link).isDirectory) === true;
}

/** Yields the paths of everything in `directory` that is not a directory. */
export function* filesIn(directory: string): Generator<string> {
  for (const { name, isDirectory } of entriesOf(directory) ?? []) {
    if (!isDirectory) yield below(directory, name);
  }
}

function entriesOf(directory: string): DirectoryEntry[] | undefined {
  return attempt(() => [...systemFiles().readDirSync(directory)]);
}
