import { assert, assertEquals } from "@std/assert";
import plugin from "../src/lint.ts";
import { filesBelow } from "./_files_below.ts";
import { Folder } from "./_folder.ts";
import { FORGOTTEN, HELD, moduleOf } from "./lint/_cases.ts";
import { COLLECTION_PROGRAMS } from "./lint/_collection_programs.ts";
import { GAME_PROGRAMS } from "./lint/_game_programs.ts";
import { NAMING_PROGRAMS } from "./lint/_naming_programs.ts";
import { programOf } from "./lint/_program.ts";
import { PROGRAMS } from "./lint/_programs.ts";

const ALL_PROGRAMS = [...PROGRAMS, ...GAME_PROGRAMS, ...COLLECTION_PROGRAMS, ...NAMING_PROGRAMS];

function lint(source: string): Deno.lint.Diagnostic[] {
  return Deno.lint.runPlugin(plugin, "game.ts", source);
}

/** `source` with the fixes for what was found in it. */
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

/** The code with loads that omit their types. */
function untyped(code: string): string {
  const type = /Text|Texture|Sound|Json|json\([\w.]*\)/.source;
  return code.replaceAll(new RegExp(`\\[([^\\[\\],]+), (?:${type})\\]`, "g"), "$1")
    .replaceAll(
      new RegExp(`(\\b(?:load|get|loadAsync)\\((?:[^(),]|\\(\\w*\\))+), (?:${type})(?=[,)])`, "g"),
      "$1",
    );
}

/** The rule and the line of each finding. */
function placesOf(source: string): string[] {
  return lint(source).map(({ id, range }) =>
    `${id} ${source.slice(0, range[0]).split("\n").length}`
  );
}

Deno.test("the lint plugin finds and fixes the same without types as with them", () => {
  const sources = [
    ...[...FORGOTTEN, ...HELD].map(({ code }) => moduleOf(code)),
    ...ALL_PROGRAMS.map(programOf),
  ];
  const changed = sources.filter((typed) => untyped(typed) !== typed);
  assert(changed.length > 300);
  for (const typed of changed) {
    const source = untyped(typed);
    assertEquals(placesOf(source), placesOf(typed), source);
    assertEquals(fix(source, lint(source)), untyped(fix(typed, lint(typed))), source);
  }
});

/** The line that each finding begins on. */
function linesOf(source: string, found: readonly Deno.lint.Diagnostic[]): number[] {
  return found.map(({ range }) => source.slice(0, range[0]).split("\n").length);
}

for (const program of ALL_PROGRAMS) {
  const { title, rule } = program;
  Deno.test(`the lint plugin finds ${rule === undefined ? "nothing in" : `(${rule})`} ${title}`, () => {
    const source = programOf(program);
    const found = lint(source);
    const leaks = source.split("\n").flatMap((line, i) => line.endsWith("// leak") ? i + 1 : []);
    assertEquals(linesOf(source, found), leaks);
    assertEquals([...new Set(found.map(({ id }) => id))], rule ? [`holdfast/${rule}`] : []);
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

/** The block of the README that says what `deno.json` needs. */
function switchFromReadme(): string {
  const readme = Deno.readTextFileSync(new URL("README.md", root));
  const [, block] = readme.match(/^```json\n(\{ "lint".*?)^```/ms)!;
  return block!;
}

Deno.test("deno lint finds forgotten handles and fixes what is safe, when deno.json has the block of the README", async () => {
  using registry = new Folder(registryFiles());
  using folder = new Folder({
    "deno.json": switchFromReadme(),
    "game.ts": `import { ResourceManager, Text } from "@holdfast/resources";

export async function play(mgr: ResourceManager) {
  mgr.load("a.txt", Text);
  // deno-lint-ignore holdfast/no-dropped-task
  mgr.loadAsync("b.txt", Text);
  const tex = await mgr.loadAsync("c.txt", Text);
  console.log(tex.value);
  const text = mgr.load("d.txt", Text);
  return text.value;
}
`,
  });
  const env = { JSR_URL: registry.url.href };
  const { code, output } = await folder.run(["lint"], env);
  assertEquals(code, 1);
  assertEquals(output.match(/holdfast\/[\w-]+|game\.ts:\d+:\d+|Found .*/g), [
    "holdfast/no-dropped-handle",
    "game.ts:4:3",
    "holdfast/prefer-using",
    "game.ts:7:9",
    "holdfast/prefer-using",
    "game.ts:9:9",
    "Found 3 problems (1 fixable via --fix)",
  ]);
  assertEquals((await folder.run(["lint", "--fix"], env)).code, 1);
  assertEquals(
    folder.read("game.ts").split("\n").slice(3, 10).join("\n"),
    `  mgr.load("a.txt", Text);
  // deno-lint-ignore holdfast/no-dropped-task
  mgr.loadAsync("b.txt", Text);
  using tex = await mgr.loadAsync("c.txt", Text);
  console.log(tex.value);
  const text = mgr.load("d.txt", Text);
  return text.value;`,
  );
});

/** The TypeScript blocks of a document, or of the comments of a source file. */
function blocksOf(text: string): string[] {
  return [...text.matchAll(/^( *(?:\* ?)?)```ts.*?\n(.*?)^\1```/gms)].map(([, margin, code]) =>
    code!.split("\n").map((line) => line.slice(margin!.length)).join("\n")
  );
}

/** The URLs of all files below a directory of the project. */
function urlsBelow(directory: string): URL[] {
  const url = new URL(directory, root);
  return filesBelow(url).map((path) => new URL(path, url));
}

Deno.test("the examples, the benches and the documentation forget a handle only to show a leak", () => {
  const sources = [...urlsBelow("src/"), new URL("mod.ts", root)];
  const documents = [new URL("README.md", root), ...urlsBelow("docs/")]
    .filter(({ href }) => href.endsWith(".md") && !/\/lint(?:-limits)?\.md$/.test(href));
  const code = ["examples/", "bench/"].flatMap(urlsBelow)
    .concat(sources).filter(({ href }) => href.endsWith(".ts"))
    .map((url) => ({ url, source: Deno.readTextFileSync(url) }));
  const blocks = [...sources, ...documents].flatMap((url) =>
    blocksOf(Deno.readTextFileSync(url)).map((source) => ({ url, source }))
  );
  assert(blocks.length > 30);
  const forgetful = [...code, ...blocks].filter(({ source }) => lint(source).length > 0);
  const unmeant = forgetful.filter(({ source }) => !/leak/i.test(source));
  assertEquals(unmeant.map(({ url }) => url.href.slice(root.href.length)), []);
  assert(forgetful.some(({ source }) => source.includes("should say `using`")), "it finds those");
});

Deno.test("the lint plugin reports the lines of docs/lint.md that are marked as reported, and no others", () => {
  const text = Deno.readTextFileSync(new URL("docs/lint.md", root));
  const [, finds, accepted] = text.split(/^## What (?:it finds|is accepted)$/m);
  const rules = finds!.split(/^### /m).slice(1);
  assertEquals(
    rules.map((section) => section.match(/^`(.*)`/)![1]).sort(),
    Object.keys(plugin.rules).map((rule) => `holdfast/${rule}`),
  );
  for (const section of rules) {
    const [code, ...others] = blocksOf(section);
    assertEquals(others, []);
    const found = lint(code!);
    const lines = code!.split("\n");
    assertEquals(
      linesOf(code!, found),
      lines.flatMap((line, i) => line.includes("// reported") ? i + 1 : []),
    );
    assertEquals(new Set(found.map(({ id }) => `\`${id}\``)), new Set([section.split("\n")[0]]));
  }
  assertEquals(blocksOf(accepted!.split("\n## ")[0]!).flatMap(lint), []);
});

Deno.test("the lint plugin reports the lines of docs/lint-limits.md that are marked as reported", () => {
  const text = Deno.readTextFileSync(new URL("docs/lint-limits.md", root));
  const [code] = blocksOf(text.split("## How it recognises a manager")[1]!);
  const marked = code!.split("\n").flatMap((line, i) => line.includes("// reported") ? i + 1 : []);
  assertEquals(marked.length, 1);
  assertEquals(linesOf(code!, lint(code!)), marked);
});

Deno.test("the lint plugin fixes what docs/lint-limits.md says it fixes", () => {
  const text = Deno.readTextFileSync(new URL("docs/lint-limits.md", root));
  const [code] = blocksOf(text.split("## What `--fix` does")[1]!);
  assert(code!.includes("// becomes using hero = …"));
  assert(fix(code!, lint(code!)).includes('using hero = mgr.load("hero.png", Texture);'));
});
