import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { MemorySource, ResourcePathError } from "../../mod.ts";

Deno.test("new MemorySource() accepts objects, maps and entries, and normalises keys", () => {
  const text = (source: MemorySource) => new TextDecoder().decode(source.read("dir/a.txt"));
  assertEquals(text(new MemorySource({ "./dir/a.txt": "object" })), "object");
  assertEquals(text(new MemorySource(new Map([["dir//a.txt", "map"]]))), "map");
  assertEquals(text(new MemorySource([["dir/a.txt", new TextEncoder().encode("list")]])), "list");
  assertEquals(new MemorySource().list(""), []);
  assertThrows(() => new MemorySource({ "../a": "" }), ResourcePathError);
});

Deno.test("MemorySource.set() stores a copy, and delete() returns whether the key existed", () => {
  const bytes = new Uint8Array([1]);
  const source = new MemorySource();
  source.set("a.bin", bytes);
  bytes[0] = 2;
  assertEquals(source.read("a.bin"), new Uint8Array([1]));
  assert(source.delete("./a.bin"));
  assertFalse(source.delete("a.bin"));
});

Deno.test("MemorySource.watch() reports at once each key that is set, and each existing key that is deleted", () => {
  const source = new MemorySource({ "a.txt": "" });
  const log: string[] = [];
  const first = source.watch((key) => {
    log.push(`first ${key}`);
    first[Symbol.dispose]();
  });
  using _second = source.watch((key) => log.push(`second ${key}`));
  source.set("./dir//a.txt", "");
  source.delete("a.txt");
  source.delete("a.txt");
  assertEquals(log, ["first dir/a.txt", "second dir/a.txt", "second a.txt"]);
});
