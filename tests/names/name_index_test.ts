import { assertEquals, assertThrows } from "@std/assert";
import { ResourcePathError } from "../../mod.ts";
import { EventHub } from "../../src/contract/events.ts";
import { LoaderRegistry } from "../../src/names/loader_registry.ts";
import { textLoader } from "../../src/loaders/text.ts";
import { indexFiles, NameIndex } from "../../src/names/name_index.ts";

/** An index of directories, with the names that have changed since the last look. */
function indexed() {
  const [index, loaders] = [new NameIndex(), new LoaderRegistry()];
  loaders.register(textLoader);
  const [changes, warnings]: string[][] = [[], []];
  const events = new EventHub();
  events.on("warning", ({ message }) => warnings!.push(message));
  const onChange = (names: ReadonlySet<string>) => void changes!.push(...names);
  return {
    index,
    add: (directory: string, ...files: string[]) =>
      indexFiles(files, { index, loaders, directory, events, onChange }),
    changes: () => changes!.splice(0),
    warnings: () => warnings!.splice(0),
  };
}

Deno.test("indexFiles() counts new names, reports changed ones, and warns about ambiguous ones", () => {
  const { add, changes, warnings } = indexed();
  assertEquals(add("a", "a/hero.txt", "a/hero.png"), 2);
  assertEquals(add("a", "a/hero.txt"), 0);
  assertEquals([changes(), warnings()], [["hero.txt", "hero"], []]);
  assertEquals(add("", "b/hero.txt", "c.txt"), 2);
  assertEquals(changes(), ["hero.txt", "hero", "c.txt", "c"]);
  assertEquals(warnings(), [
    'Name "hero.txt" is ambiguous, "b/hero.txt" claims it too: load it by a path',
    'Name "hero" is ambiguous, "b/hero.txt" claims it too: load it by a path',
  ]);
});

Deno.test("indexFiles() replaces the names that a directory had before, however its path is written", () => {
  const { index, add, changes } = indexed();
  assertEquals(add("", "chars/hero.txt", "chars/orc.txt"), 4);
  changes();
  assertEquals(add("./x/..", "heroes/hero.txt", "chars/orc.txt", "chars/elf.txt"), 2);
  assertEquals(changes(), ["hero.txt", "hero", "elf.txt", "elf"]);
  assertEquals(["hero", "orc", "elf"].map((name) => index.resolve(name)), [
    "heroes/hero.txt",
    "chars/orc.txt",
    "chars/elf.txt",
  ]);
  assertEquals(add("."), 0);
  assertEquals(changes().length, 6);
  assertEquals(index.resolve("hero"), "hero"); // a path like any other
  assertEquals(add("", "chars/hero.txt"), 2);
});

Deno.test("indexFiles() keeps the names of other directories", () => {
  const { index, add, changes } = indexed();
  add("", "a/hero.txt", "b/hero.txt");
  add("a", "a/hero.txt");
  add("b", "b/hero.txt");
  changes();
  assertEquals(add("", "c.txt"), 2);
  assertEquals(changes(), ["c.txt", "c"]);
  assertThrows(() => index.resolve("hero"), ResourcePathError, '"a/hero.txt" and "b/hero.txt"');
  assertEquals(add("a"), 0);
  assertEquals([changes(), index.resolve("hero")], [["hero.txt", "hero"], "b/hero.txt"]);
  assertEquals(add("b"), 0);
  assertEquals([index.resolve("hero"), index.nameOf("hero.txt")], ["hero", "hero.txt"]);
});

Deno.test("indexFiles() warns once when one more file claims an ambiguous name", () => {
  const { add, changes, warnings } = indexed();
  const files = ["a/x.txt", "b/x.txt"];
  add("", ...files);
  assertEquals([changes(), warnings().length], [["x.txt", "x"], 2]);
  assertEquals(add("", ...files), 0);
  assertEquals([changes(), warnings()], [[], []]);
  add("", ...files, "c/x.txt");
  assertEquals(changes(), ["x.txt", "x"]);
  assertEquals(warnings().filter((message) => message.includes('"c/x.txt"')).length, 2);
});

Deno.test("indexFiles() changes nothing when the path of a file is invalid", () => {
  const { index, add, changes } = indexed();
  add("", "a/x.txt");
  changes();
  assertThrows(() => add("", "b/x.txt", "../y.txt"), ResourcePathError);
  assertThrows(() => add("../x", "b/x.txt"), ResourcePathError);
  assertEquals([changes(), index.resolve("x")], [[], "a/x.txt"]);
});

Deno.test("indexFiles() indexes no name that means a directory", () => {
  const { index, add } = indexed();
  assertEquals(add("", "a/..txt", "a/...txt", "a/.b.txt"), 4);
  for (const name of [".", ".."]) assertThrows(() => index.resolve(name), ResourcePathError);
  assertEquals(index.resolve("..txt"), "a/..txt");
});

Deno.test("NameIndex resolves indexed names first, and normalises the rest", () => {
  const index = new NameIndex();
  assertEquals(index.add("hero", "chars/hero.png"), "new");
  assertEquals(index.add("hero", "chars/hero.png"), "known");
  assertEquals(index.resolve("hero"), "chars/hero.png");
  assertEquals(index.resolve("./hero"), "hero");
  assertEquals(index.add("hero", "mobs/hero.png"), "ambiguous");
  assertEquals(index.add("hero", "mobs/hero.png"), "known");
  const error = assertThrows(() => index.resolve("hero"), ResourcePathError);
  assertEquals(error.candidates, ["chars/hero.png", "mobs/hero.png"]);
  assertEquals(
    error.message,
    'Cannot use "hero" as a name: it is ambiguous, "chars/hero.png" and "mobs/hero.png" claim it: ' +
      'use a path ("./" for one in the root)',
  );
});
