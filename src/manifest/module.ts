import type { Manifest, ManifestFile } from "../contract/manifest.ts";
import { printable, quote } from "../contract/printable.ts";
import { assertManifest } from "../names/manifest.ts";

/** The start of each module, by which the program recognises its own. */
const START = "// Written by @holdfast/resources/manifest.";
/** The comments that a module begins with. */
const HEADER = /^(?:\/\/.*\n)*/;
/** The line of a module that describes a file. */
const FILE = /^ {4}\[?("(?:[^"\\]|\\.)+")\]?: \{ bytes: (\d+), sha256: "([\da-f]{64})" \},$/gm;

/**
 * Options for {@linkcode moduleOf}.
 *
 * @example
 * ```ts
 * import { moduleOf, type ModuleOptions } from "@holdfast/resources/manifest";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const options: ModuleOptions = { command: "deno task assets" };
 * const code = moduleOf({ version: 1, files: {} }, options);
 * assertStringIncludes(code, "// deno task assets\n");
 * ```
 */
export interface ModuleOptions {
  /**
   * The command that writes the module again, for the comment at its top.
   *
   * @default {undefined} The comment names no command.
   */
  command?: string;
}

/**
 * Returns a manifest as the code of a TypeScript module that imports nothing. It exports `manifest`, whose
 * type has each name, and the type `AssetName`, the union of the names. Each file has a line of its own,
 * sorted, so that diffs are small; the same manifest always has the same code. O(files log files).
 *
 * @throws {TypeError} The manifest is malformed.
 *
 * @example
 * ```ts
 * import { moduleOf } from "@holdfast/resources/manifest";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const code = moduleOf({ version: 1, files: {} });
 * assertStringIncludes(code, "export type AssetName = keyof typeof manifest.files;");
 * ```
 */
export function moduleOf(manifest: Manifest, { command }: ModuleOptions = {}): string {
  assertManifest(manifest);
  const again = command === undefined ? "." : `, but write it again:\n// ${printable(command)}`;
  const lines = Object.entries(manifest.files).sort(byName).map(lineOf);
  const files = lines.length === 0 ? "{}" : `{\n${lines.join("")}  }`;
  return `${START} Do not change it${again}
// deno-fmt-ignore-file

/** Every asset by its name, with its size and its hash. */
export const manifest = {
  version: 1,
  files: ${files},
};

/** The name of an asset. */
export type AssetName = keyof typeof manifest.files;
`;
}

/** Compares two files of a manifest by their names. */
export function byName([a]: [string, ManifestFile], [b]: [string, ManifestFile]): number {
  return a < b ? -1 : 1;
}

/** The line of a file. In an object literal, a plain `__proto__` would set the prototype. */
function lineOf([name, { bytes, sha256 }]: [string, ManifestFile]): string {
  const literal = quote(name).replaceAll("<", "\\u003c"); // So that no name can end the script of a page.
  const key = name === "__proto__" ? `[${literal}]` : literal;
  return `    ${key}: { bytes: ${bytes}, sha256: "${sha256}" },\n`;
}

/** Whether a module is empty, or was written by {@linkcode moduleOf}. */
export function isOwn(code: string): boolean {
  return code.trim() === "" || code.startsWith(START);
}

/** Whether two modules differ only in the comments at their tops and in their line ends. */
export function isSameModule(a: string, b: string): boolean {
  return bodyOf(a) === bodyOf(b);
}

function bodyOf(code: string): string {
  return code.replaceAll("\r\n", "\n").replace(HEADER, "");
}

/** Reads the files back from a module that {@linkcode moduleOf} has written. */
export function filesOf(code: string): Map<string, ManifestFile> {
  const lines = code.replaceAll("\r\n", "\n").matchAll(FILE);
  return new Map(Array.from(lines, ([, name, bytes, sha256]) => [
    JSON.parse(name!),
    { bytes: Number(bytes), sha256: sha256! },
  ]));
}
