/** Names of members that every object inherits: they work like any other name, everywhere. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  bytesLoader,
  formatStats,
  logEvents,
  MemorySource,
  ReferenceCountError,
  ResourceManager,
  ResourceNotLoadedError,
  Text,
  textLoader,
} from "../mod.ts";
import { stripAnsiCode } from "./_ansi.ts";
import { captured } from "./_console.ts";

const NAMES = Object.getOwnPropertyNames(Object.prototype)
  .concat("prototype", "then", "toJSON", "length", "name", "undefined", "null", "NaN", "0");

/** A manager with a file of each name, in the root, and in a directory of that name. */
function managerOf(): ResourceManager {
  const files = NAMES.flatMap((name) => [`${name}.txt`, `dir/${name}/${name}-2.txt`]);
  const source = new MemorySource(JSON.parse(
    `{${files.map((file) => `${JSON.stringify(file)}: ${JSON.stringify(file)}`)}}`,
  ));
  return new ResourceManager({ source });
}

Deno.test("MemorySource has files with the names of inherited members only if they were set", () => {
  const source = new MemorySource(JSON.parse('{ "__proto__": "a", "constructor": "b" }'));
  assertEquals(source.list(""), ["__proto__", "constructor"]);
  assertEquals(new TextDecoder().decode(source.read("__proto__")), "a");
  for (const name of ["toString", "hasOwnProperty"]) {
    assertThrows(() => source.read(name), Error, "the memory source has no such key");
    assertEquals(source.delete(name), false);
  }
  assertEquals(source.delete("__proto__"), true);
  assertEquals(source.list(""), ["constructor"]);
});

Deno.test("ResourceManager finds nothing under the name of an inherited member", () => {
  using mgr = managerOf();
  for (const name of NAMES) {
    assertEquals([mgr.has(name), mgr.peek(name), mgr.get(name, Text)], [
      false,
      undefined,
      undefined,
    ]);
    assertEquals([mgr.unload(name), mgr.holders(name)], [false, []]);
    assertThrows(() => mgr.acquire(name), ResourceNotLoadedError);
    assertThrows(() => mgr.release(name), ResourceNotLoadedError);
    assertEquals(mgr.cacheStats().resources[name], undefined);
  }
});

Deno.test("ResourceManager loads, counts and unloads by indexed names of inherited members", () => {
  using mgr = managerOf();
  assertEquals(mgr.indexDirectory(), NAMES.length * 4);
  for (const name of NAMES) {
    using handle = mgr.load(name, Text);
    assertEquals([handle.key, handle.value], [`${name}.txt`, `${name}.txt`]);
    using other = mgr.load(`${name}-2`, Text);
    assertEquals(other.key, `dir/${name}/${name}-2.txt`);
    mgr.acquire(name);
    assertEquals(mgr.cacheStats().resources[`${name}.txt`]!.refCount, 2);
    mgr.release(name);
    assertThrows(() => mgr.release(name), ReferenceCountError);
  }
  assertEquals(mgr.size, 0);
});

Deno.test("ResourceManager counts, shows and logs keys and labels with the names of inherited members", () => {
  const lines = captured("log", () => {
    using mgr = managerOf();
    using _log = logEvents(mgr);
    for (const name of NAMES) {
      using scope = mgr.scope(name);
      using handle = mgr.add(name, "x");
      scope.load(name, Text);
      handle.clone()[Symbol.dispose]();
      const stats = mgr.cacheStats();
      assertEquals(Object.keys(stats.resources), [name]);
      assertEquals(stats.resources[name]!.handles, 2);
      assertEquals(mgr.holders(name).map(({ label }) => label).sort(), [name, undefined]);
      const table = stripAnsiCode(formatStats(stats));
      assertStringIncludes(table, name);
      const { resources } = JSON.parse(JSON.stringify(stats));
      assert(Object.hasOwn(resources, name), name);
    }
  });
  for (const name of NAMES) {
    assert(lines.some((line) => stripAnsiCode(String(line)).includes(name)), name);
  }
});

Deno.test("ResourceManager.loadAll() accepts bundles with the names of inherited members", async () => {
  using mgr = managerOf();
  const bundle = Object.fromEntries(NAMES.map((name) => [name, [`${name}.txt`, Text] as const]));
  using loaded = await mgr.loadAll(bundle);
  assertEquals(Object.keys(loaded).sort(), [...NAMES].sort());
  for (const name of NAMES) {
    assertEquals(Object.getOwnPropertyDescriptor(loaded, name)!.value.value, `${name}.txt`);
  }
  using scope = mgr.scope();
  const again = await scope.loadAll(bundle);
  assertEquals(Object.keys(again).length, NAMES.length);
  assertEquals(mgr.cacheStats().totalReferences, NAMES.length * 2);
});

Deno.test("ResourceManager.registerLoader() accepts the names of inherited members as extensions", () => {
  using mgr = new ResourceManager({
    source: new MemorySource([["a.constructor", "x"], ["a.x", "y"]]),
  });
  assertThrows(() => mgr.load("a.constructor", Text), Error, 'Cannot load "a.constructor"');
  const warnings: string[] = [];
  using _warning = mgr.on("warning", ({ message }) => warnings.push(message));
  mgr.registerLoader({
    ...textLoader,
    name: "__proto__",
    extensions: [".constructor", ".__proto__"],
  });
  assertEquals(warnings, []);
  mgr.registerLoader({ ...bytesLoader, name: "toString", extensions: [".__proto__"] });
  assertEquals(warnings.length, 1);
  using handle = mgr.load("a.constructor", Text);
  assertEquals(handle.value, "x");
});
