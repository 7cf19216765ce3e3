import { assert, assertEquals } from "@std/assert";
import plugin from "../src/lint.ts";
import { Folder } from "./_folder.ts";
import { FORGOTTEN, HELD, moduleOf } from "./lint/_cases.ts";

function lint(source: string): Deno.lint.Diagnostic[] {
  return Deno.lint.runPlugin(plugin, "game.ts", source);
}

/** `source` with the fixes of what was found in it. */
function fix(source: string, found: readonly Deno.lint.Diagnostic[]): string {
  const edits = found.flatMap(({ fix }) => fix ?? []).sort((a, b) => b.range[0] - a.range[0]);
  return edits.reduce(
    (text, { range: [start, end], text: by = "" }) => text.slice(0, start) + by + text.slice(end),
    source,
  );
}

for (const { title, rule, code, fixed } of FORGOTTEN) {
  Deno.test(`${rule} finds ${title}`, () => {
    const source = moduleOf(code);
    const found = lint(source);
    assertEquals(new Set(found.map(({ id }) => id)), new Set([`holdfast/${rule}`]));
    assertEquals(fix(source, found), moduleOf(fixed ?? code));
    if (fixed !== undefined) assertEquals(lint(moduleOf(fixed)), []);
  });
}

for (const { title, code } of HELD) {
  Deno.test(`the lint plugin does not report ${title}`, () => {
    assertEquals(lint(moduleOf(code)), []);
  });
}

const root = new URL("../", import.meta.url);

/** A registry that has the plugin and nothing else. */
function registryFiles(): Record<string, string> {
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const files: Record<string, string> = {
    "meta.json": JSON.stringify({
      scope: "holdfast",
      name: "resources",
      versions: { "1.0.0": {} },
    }),
    "1.0.0_meta.json": JSON.stringify({ exports, manifest: {} }),
    "1.0.0/src/lint.ts": Deno.readTextFileSync(new URL("src/lint.ts", root)),
  };
  for (const { name } of Deno.readDirSync(new URL("src/lint/", root))) {
    files[`1.0.0/src/lint/${name}`] = Deno.readTextFileSync(new URL(`src/lint/${name}`, root));
  }
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`@holdfast/resources/${path}`, text]),
  );
}

/** What `deno.json` needs: the block of the README that says so. */
function switchFromReadme(): string {
  const readme = Deno.readTextFileSync(new URL("README.md", root));
  const [, block] = readme.match(/^```json\n(\{ "lint".*?)^```/ms)!;
  return block!;
}

Deno.test("deno lint finds what is forgotten, and fixes it, when deno.json says what the README does", async () => {
  using registry = new Folder(registryFiles());
  using folder = new Folder({
    "deno.json": switchFromReadme(),
    "game.ts": `import { ResourceManager, Text } from "@holdfast/resources";

export async function play(mgr: ResourceManager) {
  mgr.load("a.txt", Text);
  mgr.load("b.txt", Text);
  // deno-lint-ignore holdfast/no-dropped-task
  mgr.loadAsync("c.txt", Text);
  const tex = await mgr.loadAsync("d.txt", Text);
  console.log(tex.value);
}
`,
  });
  const env = { JSR_URL: registry.url.href };
  const { code, output } = await folder.run(["lint"], env);
  assertEquals(code, 1);
  assertEquals(output.match(/holdfast\/[\w-]+|game\.ts:\d+:\d+|Found .*/g), [
    "holdfast/no-dropped-handle",
    "game.ts:4:3",
    "holdfast/no-dropped-handle",
    "game.ts:5:3",
    "holdfast/prefer-using",
    "game.ts:8:9",
    "Found 3 problems (3 fixable via --fix)",
  ]);
  assertEquals(await folder.run(["lint", "--fix"], env), { code: 0, output: "Checked 1 file\n" });
  assertEquals(
    folder.read("game.ts").split("\n").slice(3, 9).join("\n"),
    `  using _handle = mgr.load("a.txt", Text);
  using _handle2 = mgr.load("b.txt", Text);
  // deno-lint-ignore holdfast/no-dropped-task
  mgr.loadAsync("c.txt", Text);
  using tex = await mgr.loadAsync("d.txt", Text);
  console.log(tex.value);`,
  );
});

/** The TypeScript blocks of a document, or of the comments of a source file. */
function blocksOf(text: string): string[] {
  return [...text.matchAll(/^( *(?:\* ?)?)```ts.*?\n(.*?)^\1```/gms)].map(([, margin, code]) =>
    code!.split("\n").map((line) => line.slice(margin!.length)).join("\n")
  );
}

function filesBelow(directory: URL): URL[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(new URL(`${name}/`, directory)) : [new URL(name, directory)]
  );
}

Deno.test("the examples, the benches and the documentation forget no handle but to show a leak", () => {
  const sources = [...filesBelow(new URL("src/", root)), new URL("mod.ts", root)];
  const documents = [new URL("README.md", root), ...filesBelow(new URL("docs/", root))]
    .filter(({ href }) => href.endsWith(".md") && !href.endsWith("/lint.md"));
  const code = [new URL("examples/", root), new URL("bench/", root)].flatMap(filesBelow)
    .concat(sources).filter(({ href }) => href.endsWith(".ts"))
    .map((url) => ({ url, source: Deno.readTextFileSync(url) }));
  const blocks = [...sources, ...documents].flatMap((url) =>
    blocksOf(Deno.readTextFileSync(url)).map((source) => ({ url, source }))
  );
  assert(blocks.length > 30);
  const forgetful = [...code, ...blocks].filter(({ source }) => lint(source).length > 0);
  const unmeant = forgetful.filter(({ source }) => !/leak/i.test(source));
  assertEquals(unmeant.map(({ url }) => url.href.slice(root.href.length)), []);
  assert(forgetful.some(({ source }) => source.includes("ought to say `using`")), "it finds those");
});

Deno.test("the lint plugin reports in docs/lint.md what that says it does, line by line", () => {
  const text = Deno.readTextFileSync(new URL("docs/lint.md", root));
  const [, finds, takes] = text.split(/^## What (?:it finds|counts as taken)$/m);
  const linesOf = (code: string) =>
    new Set(lint(code).map(({ range }) => code.slice(0, range[0]).split("\n").length));
  const found = blocksOf(finds!).map((code) => [linesOf(code).size, code.split("\n").length]);
  assertEquals(found, [[8, 11], [2, 5], [3, 7]]);
  assertEquals(blocksOf(takes!.split("\n## ")[0]!).map((code) => linesOf(code).size), [0]);
});
