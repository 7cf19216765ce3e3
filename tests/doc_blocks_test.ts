/** Every TypeScript block of the documentation runs as a test. */
import { assert, assertEquals } from "@std/assert";
import { blocksIn, docBlocks, documents, moduleOf, runsElsewhere } from "./_doc_blocks.ts";

const root = new URL("../", import.meta.url);

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}

/** The blocks that must run, as `file/line`: found by their first line alone. */
function starts(file: string): string[] {
  const fence = /^[ \t]*(?:\* ?)?```(?:[mc]?[jt]sx?|typescript|javascript)(?! ignore\b)(?: .*)?$/gm;
  const text = read(file);
  return [...text.matchAll(fence)].map(({ index }) =>
    `${file}/${text.slice(0, index).split("\n").length}`
  );
}

Deno.test("every TypeScript block of the documentation is a test, and no other block is", () => {
  const modules = docBlocks();
  const made = [...modules.keys()];
  const expected = documents().flatMap(starts);
  assert(expected.length > 200, `${expected.length} blocks`);
  assertEquals(made.map((path) => path.replace(/(_test)?\.ts$/, "")).sort(), expected.sort());
  const idle = made.filter((path) => !/\bDeno\.test\(/.test(modules.get(path)!));
  assertEquals(idle.filter((path) => !runsElsewhere(modules.get(path)!)), []);
});

Deno.test("every page of the documentation and every source file may have blocks", () => {
  const files = documents();
  for (const file of ["README.md", "CONTRIBUTING.md", "docs/loading.md", "mod.ts"]) {
    assert(files.includes(file), file);
  }
  assert(files.some((file) => /^src\/\w+\/\w+\.ts$/.test(file)));
});

Deno.test("blocksIn() finds the blocks of a page that can be run, and their lines", () => {
  const page = "# Page\n\n```ts\na();\n```\n\n```sh\nls\n```\n\n- b:\n\n  ```js\n  b();\n  ```\n" +
    "```ts ignore\nc();\n```\n```\nd();\n```\n";
  assertEquals(blocksIn("page.md", page), [
    { file: "page.md", line: 3, code: "a();" },
    { file: "page.md", line: 13, code: "b();" },
  ]);
});

Deno.test("blocksIn() finds the blocks of doc comments, and nothing else in a source file", () => {
  const source =
    "/**\n * A.\n *\n * ```ts\n * if (a) {\n *   b();\n * }\n * ```\n */\nconst a = `\n" +
    "```ts\nno();\n```\n`;\n// ```ts\n// no();\n// ```\nclass B {\n  /**\n   * ```ts\n   * c();\n" +
    "   * ```\n   */\n  c() {}\n}\n";
  assertEquals(blocksIn("source.ts", source), [
    { file: "source.ts", line: 4, code: "if (a) {\n  b();\n}" },
    { file: "source.ts", line: 20, code: "c();" },
  ]);
});

/** The lines of a block's module, from the first of the block. */
function linesOf(code: string): string[] {
  return moduleOf({ file: "page.md", line: 2, code }).split("\n").slice(1);
}

const START = 'Deno.test("page.md:2", async () => {';

Deno.test("moduleOf() makes a test of a block, below its imports, and keeps the numbers of its lines", () => {
  const imports = '// Why\nimport { a } from "a";\nimport {\n  b,\n} from "b";';
  assertEquals(
    linesOf(`${imports}\n\na(b);`),
    ["", ...imports.split("\n").slice(0, -1)].concat(
      `} from "b"; ${START}`,
      ...["", "a(b);", "});", ""],
    ),
  );
  assertEquals(linesOf("a();"), [START, "a();", "});", ""]);
  assertEquals(linesOf('const a = await import("a");')[0], START);
});

Deno.test("moduleOf() lets a block be where its document is, and drops its exports", () => {
  const [, code] = linesOf("export const a = import.meta.url;");
  assertEquals(code, `const a = ${JSON.stringify(new URL("page.md", root).href)};`);
  assertEquals(linesOf("export default pluginWith({});")[1], "void pluginWith({});");
});

Deno.test("moduleOf() only checks a block that runs elsewhere, in docs_test.ts", () => {
  const code = 'const options = { source: "./assets" };';
  assertEquals(linesOf(code), ["export async function block() {", code, "}", ""]);
  const elsewhere = documents().flatMap((file) => blocksIn(file, read(file)))
    .filter(({ code }) => runsElsewhere(code));
  const files = [...new Set(elsewhere.map(({ file }) => file))];
  const run = ["getting-started", "hot-reload-browser", "inspect"].map((page) => `docs/${page}.md`);
  assertEquals(files, ["README.md", ...run, "mod.ts"]); // mod.ts has the same block as the README
  const tests = read("tests/docs_test.ts");
  for (const file of ["README.md", ...run]) assert(tests.includes(`"${file}"`), file);
});

Deno.test("moduleOf() leaves the tests and the hooks of a block at the top", () => {
  assertEquals(linesOf('Deno.test("a", () => {});'), ["", 'Deno.test("a", () => {});', ""]);
  const hook = "Deno.test.beforeEach(() => {});";
  assertEquals(linesOf(hook), ["", hook, `${START}});`, ""]);
});
