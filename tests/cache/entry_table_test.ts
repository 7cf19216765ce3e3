import { assertEquals } from "@std/assert";
import type { Cache } from "../../src/cache/cache.ts";
import { Entry } from "../../src/cache/entry.ts";
import { EntryTable } from "../../src/cache/entry_table.ts";
import { Text } from "../../src/loaders/text.ts";
import { NameIndex } from "../../src/names/name_index.ts";

function entryOf(key: string): Entry {
  const content = { value: key, bytes: 0, unloader: {} };
  return new Entry(key, content, Text, { cache: {} as Cache, id: 0 });
}

/** How many names lead to an entry. */
function namesOf(table: EntryTable): number {
  return [...table.warm.keys()].filter((name) => table.find(name) !== undefined).length;
}

Deno.test("EntryTable counts and yields each entry once, no matter how many names it has", () => {
  const table = new EntryTable(new NameIndex());
  const [a, b] = [entryOf("a.txt"), entryOf("b.txt")];
  table.add(a);
  table.add(b);
  for (const name of ["./a.txt", "x/../a.txt", "a.txt"]) table.remember(name, a);
  assertEquals([table.size, [...table]], [2, [a, b]]);
  assertEquals([table.find("./a.txt"), table.get("b.txt"), table.has("c.txt")], [a, b, false]);
  table.delete(a);
  assertEquals([table.size, namesOf(table), a.spellings], [1, 1, []]);
});

Deno.test("EntryTable.remember() stores eight spellings of a key, and none of an unloaded entry", () => {
  const table = new EntryTable(new NameIndex());
  const [a, unloaded] = [entryOf("a.txt"), entryOf("b.txt")];
  table.add(a);
  for (let i = 0; i < 20; i++) table.remember(`${i}/../a.txt`, a);
  unloaded.fate = "released";
  table.remember("./b.txt", unloaded);
  assertEquals([a.spellings.length, namesOf(table), table.size], [8, 9, 1]);
});

Deno.test("EntryTable.renamed() moves a key to another slot when an indexed file takes its name", () => {
  const index = new NameIndex();
  const table = new EntryTable(index);
  const root = entryOf("hero.png");
  table.add(root);
  table.remember("./hero.png", root);
  index.add("hero.png", "chars/hero.png");
  table.renamed(new Set(["hero.png"]));
  assertEquals([table.find("hero.png") !== undefined, table.get("hero.png"), table.size], [
    false,
    root,
    1,
  ]);
  assertEquals([...table], [root]);
  const indexed = entryOf("chars/hero.png");
  table.add(indexed);
  table.remember("hero.png", indexed);
  assertEquals([table.find("hero.png"), table.size], [indexed, 2]);
  table.delete(root);
  assertEquals([namesOf(table), table.size, [...table]], [2, 1, [indexed]]);
});

Deno.test("EntryTable.renamed() moves a key back when no indexed file has its name any more", () => {
  const index = new NameIndex();
  const table = new EntryTable(index);
  const claim = (key: string) => new Set([`hero.png\0${key}`]);
  const replace = (claims: Set<string>) => table.renamed(index.replace("", claims).changed);
  replace(claim("chars/hero.png"));
  const [root, indexed] = [entryOf("hero.png"), entryOf("chars/hero.png")];
  table.add(root);
  table.add(indexed);
  table.remember("hero.png", indexed);
  replace(new Set());
  assertEquals([table.find("hero.png"), table.get("hero.png")], [root, root]);
  assertEquals([indexed.spellings, table.size, [...table].length], [[], 2, 2]);
  table.remember("./hero.png", root);
  replace(claim("hero.png")); // The file itself: this changes nothing.
  assertEquals([table.find("hero.png"), table.find("./hero.png")], [root, root]);
  replace(claim("chars/hero.png"));
  assertEquals([table.find("hero.png"), table.get("hero.png"), root.spellings], [
    undefined,
    root,
    [],
  ]);
  table.delete(root);
  table.delete(indexed);
  assertEquals([table.size, namesOf(table)], [0, 0]);
});

Deno.test("EntryTable.renamed() drops a spelling that has become ambiguous", () => {
  const index = new NameIndex();
  const table = new EntryTable(index);
  const a = entryOf("a/hero.png");
  index.add("hero.png", "a/hero.png");
  table.add(a);
  table.remember("hero.png", a);
  index.add("hero.png", "b/hero.png");
  table.renamed(new Set(["hero.png"]));
  assertEquals([table.find("hero.png") !== undefined, table.size, a.spellings], [false, 1, []]);
});

Deno.test("EntryTable.deleteAll() deletes some or all entries, with their spellings", () => {
  const table = new EntryTable(new NameIndex());
  const entries = ["a.txt", "b.txt", "c.txt"].map(entryOf);
  for (const entry of entries) {
    table.add(entry);
    table.remember(`./${entry.key}`, entry);
  }
  table.deleteAll(entries.slice(0, 1));
  assertEquals([table.size, namesOf(table), [...table]], [2, 4, entries.slice(1)]);
  table.deleteAll(entries.slice(1));
  assertEquals([table.size, namesOf(table), [...table]], [0, 0, []]);
  table.add(entries[0]!);
  assertEquals([table.size, entries[0]!.spellings], [1, []]);
});

Deno.test("EntryTable.warm has no entry with the requested type after an entry was deleted", () => {
  const table = new EntryTable(new NameIndex());
  const entry = entryOf("a.txt");
  table.add(entry);
  table.delete(entry);
  const rest = table.warm.get("a.txt");
  assertEquals([table.find("a.txt"), table.has("a.txt"), rest?.type === Text], [
    undefined,
    false,
    false,
  ]);
});
