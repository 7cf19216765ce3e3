/**
 * The TypeScript blocks of the documentation, as tests.
 *
 * Each block is a module of its own, so it sees its own imports and no others. Its lines keep their
 * numbers: an error in `.fast/blocks/docs/loading.md/13.ts:17` is in line 17 of `docs/loading.md`.
 */

/** A block of code in a document or in a doc comment. */
export interface Block {
  /** Its path from the root of the project. */
  readonly file: string;
  /** The line in which the block begins, with the language; 1 is the first. */
  readonly line: number;
  readonly code: string;
}

/** The languages that `deno test --doc` runs too, unless a block is marked with `ignore`. */
const LANGUAGES = ["ts", "typescript", "mts", "js", "javascript", "mjs"];
/** The comments and imports at the beginning of a block. */
const IMPORTS = /^(?:(?:\s|\/\/.*\n)*import\b(?!\s*[.(])[^;]*;)*/;
/** A function cannot contain an export, and no module imports a block. */
const EXPORT = /^export (?=(?:async|function|class|const|let|interface|type|enum|abstract)\b)/gm;
const DEFAULT = /^export default /gm;
/** A block that uses a folder which does not exist here, or never ends: `docs_test.ts` runs it. */
const ELSEWHERE =
  /\b(?:source: |serveAssets\()"\.\/assets"|writeFileSync\(`\.\/assets|\bwhile \(true\)/;
/** Hooks would apply to the tests of all blocks that share a worker. */
const HOOK = /\bDeno\.test\.(?:before|after)/;

const root = new URL("../", import.meta.url);

/** The blocks of a document, or of the doc comments of a source file, that can be run. */
export function blocksIn(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; isRun: boolean; indent: number; lines: string[] } | undefined;
  for (const [i, line] of (file.endsWith(".md") ? text.split("\n") : docLines(text)).entries()) {
    const [, indent, info] = /^(\s*)```(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (info === undefined) continue;
      open = { line: i + 1, isRun: canRun(info), indent: indent!.length, lines: [] };
    } else if (info === undefined) open.lines.push(line.slice(open.indent));
    else {
      if (open.isRun) blocks.push({ file, line: open.line, code: open.lines.join("\n") });
      open = undefined;
    }
  }
  return blocks;
}

/** The lines of a source file, empty where they are not in a doc comment. */
function docLines(text: string): string[] {
  let isDoc = false;
  return text.split("\n").map((line) => {
    if (/^\s*\/\*\*/.test(line)) isDoc = true;
    const shown = isDoc ? line.replace(/^\s*\* ?/, "") : "";
    if (line.includes("*/")) isDoc = false;
    return shown;
  });
}

function canRun(info: string): boolean {
  const [language, ...marks] = info.split(" ");
  return LANGUAGES.includes(language!) && !marks.includes("ignore");
}

/** Whether a block runs elsewhere, and is only checked here. */
export function runsElsewhere(code: string): boolean {
  return ELSEWHERE.test(code);
}

/** A module that runs a block as a test, in lines of the same numbers. */
export function moduleOf({ file, line, code: written }: Block): string {
  // A block must see the URL of its document.
  const code = written.replaceAll("import.meta.url", JSON.stringify(new URL(file, root).href));
  const [start, end] = runsElsewhere(code)
    ? ["export async function block() {", "}"]
    : [`Deno.test(${JSON.stringify(`${file}:${line}`)}, async () => {`, "});"];
  // Tests and hooks are registered at the top of a module. Hooks run only if there is a test.
  if (HOOK.test(code)) return `${"\n".repeat(line)}${code}\n${start}${end}\n`;
  if (/\bDeno\.test\b/.test(code)) return `${"\n".repeat(line)}${code}\n`;
  const [imports] = IMPORTS.exec(code)!;
  const inside = code.slice(imports.length).replaceAll(EXPORT, "").replaceAll(DEFAULT, "void ");
  const body = `${inside}\n${end}\n`;
  return imports === ""
    ? `${"\n".repeat(line - 1)}${start}\n${body}`
    : `${"\n".repeat(line)}${imports} ${start}${body}`;
}

/** Files that may have blocks: the pages of the documentation, and the source. */
export function documents(): string[] {
  const pages = ["", "docs/"].flatMap((directory) =>
    filesIn(directory).filter((file) => file.endsWith(".md"))
  );
  return [...pages, "mod.ts", ...sourcesBelow("src/")].sort();
}

function sourcesBelow(directory: string): string[] {
  return filesIn(directory).flatMap((path) =>
    path.endsWith("/") ? sourcesBelow(path) : path.endsWith(".ts") ? [path] : []
  );
}

/** The paths in a directory of the project; those of directories end with a slash. */
function filesIn(directory: string): string[] {
  return [...Deno.readDirSync(new URL(directory || ".", root))]
    .map(({ name, isDirectory }) => `${directory}${name}${isDirectory ? "/" : ""}`);
}

/** A module for each block, by `file/line.ts`, or `file/line_test.ts` if it has hooks and runs alone. */
export function docBlocks(): Map<string, string> {
  const modules = new Map<string, string>();
  for (const file of documents()) {
    for (const block of blocksIn(file, Deno.readTextFileSync(new URL(file, root)))) {
      const end = HOOK.test(block.code) ? "_test.ts" : ".ts";
      modules.set(`${file}/${block.line}${end}`, moduleOf(block));
    }
  }
  return modules;
}
