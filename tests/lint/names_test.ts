import { assertEquals } from "@std/assert";
import { pluginWith } from "../../src/lint.ts";
import { type LintSettings, Names } from "../../src/lint/names.ts";
import { inTree } from "./_tree.ts";

/** What the plugin finds in a file that does not import the library. */
function found(source: string, settings: LintSettings): string[] {
  return Deno.lint.runPlugin(pluginWith(settings), "game.ts", source).map(({ id, range }) =>
    `${id.replace("holdfast/", "")}: ${source.slice(...range)}`
  );
}

Deno.test("pluginWith() knows further names of managers: of variables, fields and classes", () => {
  const settings = { managers: ["assets", "Assets"] };
  const ways = [
    'import { assets } from "./game.ts"; assets.load(name);',
    'import { assets } from "@game/core"; assets.load(name);',
    "function f(game) { game.assets.load(name); }",
    "class A { #assets; b() { this.#assets.load(name); } }",
    'import { Assets } from "./assets.ts"; function f(a: Assets) { a.load(name); }',
    "new Assets().load(name);",
  ];
  for (const source of ways) {
    assertEquals(found(source, settings).map((each) => each.split(":")[0]), ["no-dropped-handle"]);
    assertEquals(found(source, {}), [], source);
  }
});

Deno.test("pluginWith() knows functions and methods of other files that open something", () => {
  const settings: LintSettings = {
    openers: { open: "handle", "cache.fetch": "task", enter: "scope", openAll: "bundle" },
  };
  const source = `open("a"); game.open("b"); cache.fetch("c"); this.cache.fetch("d"); fetch("e");
    async () => { await cache.fetch("f"); const scene = enter("g"); scene.load("h");
      const { map } = openAll("i"); using b = open("j"); return open("k"); };`;
  assertEquals(found(source, settings), [
    'no-dropped-handle: open("a")',
    'no-dropped-handle: game.open("b")',
    'no-dropped-handle: cache.fetch("f")',
    'no-dropped-task: cache.fetch("c")',
    'no-dropped-task: this.cache.fetch("d")',
    'prefer-using: scene = enter("g")',
    'prefer-using: openAll("i")',
  ]);
});

Deno.test("Names.openedBy() is not used for a function that the file shows", () => {
  const names = new Names({ openers: { open: "handle" } });
  inTree("open; a.open; open2;", ({ all, identifiers }) => {
    assertEquals(names.openedBy(identifiers("open")[0]!), "handle");
    assertEquals(names.openedBy(all("MemberExpression")[0]!), "handle");
    assertEquals(names.openedBy(identifiers("open2")[0]!), undefined);
  });
  assertEquals(found("function open() { return 1; } open();", { openers: { open: "handle" } }), []);
});
