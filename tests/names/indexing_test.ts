import { assertEquals } from "@std/assert";
import { indexFiles } from "../../src/names/indexing.ts";
import { LoaderRegistry } from "../../src/names/loader_registry.ts";
import { textLoader } from "../../src/loaders/text.ts";
import { NameIndex } from "../../src/names/names.ts";

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
