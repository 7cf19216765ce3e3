/**
 * Writes into `.fast/` what `deno task test` runs: all tests but the slow ones, and the blocks of the
 * documentation, gathered in a few modules. `deno test` gives each module a worker with its own copy
 * of the library, which costs more time than most tests.
 */
import { docBlocks } from "./_doc_blocks.ts";

/** How many modules hold the tests that can share one: enough for the cores of most machines. */
const SHARES = 4;
/** The hooks of a file would apply to the tests of all files in its module. */
const HOOKS = /^Deno\.test\.(?:before|after)/m;
/** These files have the same hooks, from `_guard.ts`, so they can share a module. */
const GUARDED = /^guardAgainstLeaks\(\);$/m;
/** These tests collect garbage: they must not collect what other tests forgot. */
const COLLECTS = /\bcollectGarbage\b/;

const root = new URL("../", import.meta.url);
const folder = new URL(".fast/", root);

/** The test files that are not slow, by their paths from the root. */
export function fastTests(directory = "tests/"): string[] {
  return [...Deno.readDirSync(new URL(directory, root))].flatMap(({ name, isDirectory }) => {
    const path = `${directory}${name}`;
    if (isDirectory) return path === "tests/slow" ? [] : fastTests(`${path}/`);
    return name.endsWith("_test.ts") ? [path] : [];
  }).sort();
}

/** The module of `.fast/` that a test file belongs to; `index` is its place among all. */
export function moduleFor(file: string, text: string, index: number): string {
  if (HOOKS.test(text) || COLLECTS.test(text)) return file.replaceAll("/", "-");
  return GUARDED.test(text) ? "guarded_test.ts" : `share_${index % SHARES}_test.ts`;
}

/** The files of `.fast/`, by their paths in it. */
export function gathered(): Map<string, string> {
  const files = new Map<string, string>();
  const add = (module: string, path: string) => {
    files.set(module, `${files.get(module) ?? ""}import "${path}";\n`);
  };
  for (const [index, file] of fastTests().entries()) {
    const text = Deno.readTextFileSync(new URL(file, root));
    add(moduleFor(file, text, index), `../${file}`);
  }
  for (const [path, text] of docBlocks()) {
    files.set(`blocks/${path}`, text);
    if (!path.endsWith("_test.ts")) add("blocks_test.ts", `./blocks/${path}`);
  }
  return files;
}

/** Removes `.fast/` and writes it again. */
export async function gather(): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const [path, text] of gathered()) {
    const file = new URL(path, folder);
    await Deno.mkdir(new URL("./", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
}

if (import.meta.main) await gather();
