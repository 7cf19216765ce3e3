import { attempt } from "../contract/attempt.ts";
import { below } from "./real_path.ts";
import { systemFiles } from "./runtime_files.ts";
import type { DirectoryEntry, FileInfo } from "./system_files.ts";

/** Directories that change often and hold nothing that is loaded. */
const IGNORED = /^(\.git|node_modules)$/;

/** What there is below a directory, and how to watch it on a system that follows links. */
export interface Survey {
  /** All directories, none of them through a link: by their paths, what tells each from others there. */
  readonly directories: Map<string, string>;
  /** Directories to watch together with all that is below them. */
  readonly trees: string[];
  /** Directories to watch by themselves, for below them is what must not be watched; outer ones first. */
  readonly single: string[];
}

/** Looks at all below `root`. O(files). */
export function survey(root: string): Survey {
  const result: Survey = { directories: new Map(), trees: [], single: [] };
  if (visit(root, result)) result.trees.push(root);
  result.single.reverse();
  return result;
}

/** Returns whether nothing is wrong with watching all of `path`. */
function visit(path: string, result: Survey): boolean {
  const info = infoOf(path);
  const entries = entriesOf(path);
  if (!info || !entries) return false; // It is gone, or may not be read.
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

/** Whether what a key leads to, or through, is not watched. */
export function isIgnored(key: string): boolean {
  return key.split("/").some((part) => IGNORED.test(part));
}

/** What a file is, if there is one; of a link, the link itself. */
export function infoOf(path: string): FileInfo | undefined {
  return attempt(() => systemFiles().lstatSync(path));
}

/** Tells a directory from another one of its path. Numbers are used again, and at once. */
export function identityOf({ ino, birthtime }: FileInfo): string {
  return `${ino} ${birthtime?.getTime()}`;
}

/** Whether a link leads to a directory. */
export function leadsToDirectory(link: string): boolean {
  return attempt(() => systemFiles().statSync(link).isDirectory) === true;
}

/** All in a directory that is none itself. */
export function* filesIn(directory: string): Generator<string> {
  for (const { name, isDirectory } of entriesOf(directory) ?? []) {
    if (!isDirectory) yield below(directory, name);
  }
}

function entriesOf(directory: string): DirectoryEntry[] | undefined {
  return attempt(() => [...systemFiles().readDirSync(directory)]);
}
