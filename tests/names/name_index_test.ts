import { assertEquals, assertThrows } from "@std/assert";
import { ResourcePathError } from "../../mod.ts";
import { LoaderRegistry } from "../../src/names/loader_registry.ts";
import { textLoader } from "../../src/loaders/text.ts";
import { indexFiles, NameIndex } from "../../src/names/name_index.ts";

Deno.test("indexFiles() counts new names, and tells of those that change, ambiguous ones too", () => {
  const [index, loaders] = [new NameIndex(), new LoaderRegistry()];
  loaders.register(textLoader);
  const changes: string[] = [];
  const onChange = (name: string, ambiguous?: string) =>
    changes.push(ambiguous === undefined ? name : `${name} ${ambiguous}`);
  const add = (...files: string[]) => indexFiles(files, { index, loaders, onChange });
  assertEquals(add("a/hero.txt", "a/hero.png"), 2);
  assertEquals(add("a/hero.txt"), 0);
  assertEquals(add("b/hero.txt", "c.txt"), 2);
  assertEquals(changes, [
    "hero.txt",
    "hero",
    "hero.txt b/hero.txt",
    "hero b/hero.txt",
    "c.txt",
    "c",
  ]);
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
