import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ResourceTypeError, Text } from "../../mod.ts";
import type { Cache } from "../../src/cache/cache.ts";
import { Entry, GONE, unloadValue } from "../../src/cache/entry.ts";

function entryOf(value: unknown, log: string[] = []): Entry {
  const cache = {
    retained: () => log.push("retained"),
    released: () => log.push("released"),
    leaks: { kindOf: () => undefined },
  };
  const content = { value, bytes: 1, unloader: {}, dependencies: ["x"] };
  return new Entry("key", content, Text, { cache: cache as unknown as Cache, id: 0 });
}

Deno.test("Entry notifies its cache when its count reaches 0 and when it leaves 0", () => {
  const log: string[] = [];
  const entry = entryOf("v", log);
  entry.retain();
  entry.release();
  assertEquals(log, []);
  entry.release();
  entry.retain();
  assertEquals([log, entry.count], [["released", "retained"], 1]);
});

Deno.test("Entry notifies its cache of each change of its count while it is observed", () => {
  const log: string[] = [];
  const entry = entryOf("v", log);
  entry.observed = true;
  entry.retain();
  entry.release();
  assertEquals([log, entry.count, entry.handles], [["retained", "released"], 1, 1]);
  entry.observed = false;
  entry.retain();
  assertEquals([log.length, entry.count], [2, 2]);
});

Deno.test("Entry.accept() stores a limited number of types, and the first one is its typeName", () => {
  const entry = entryOf("v");
  for (let i = 0; i < 40; i++) {
    entry.accept({ name: `T${i}`, [Symbol.hasInstance]: (_: unknown): _ is string => true });
  }
  assertEquals([entry.types.length, entry.typeName], [32, "Text"]);
  assertThrows(() => entry.accept(Map), ResourceTypeError);
});

Deno.test("Entry.empty() removes the content and does not keep the value in memory", () => {
  const value = {};
  const entry = entryOf(value);
  assertStrictEquals(entry.empty().value, value);
  assertEquals([entry.value, entry.empty().value, entry.dependencies], [GONE, GONE, ["x"]]);
});

Deno.test("Entry.record() adds a lease to the list, from which close() removes it once", () => {
  const entry = entryOf("v");
  const labels = () => [...entry.leases!].map(({ holder }) => holder?.label);
  const [a, b, c] = ["a", "b", "c"].map((label) => entry.record({ holder: { label } }));
  b!.close();
  assertEquals(labels(), ["a", "c"]);
  b!.close();
  c!.close();
  assertEquals(labels(), ["a"]);
  a!.close();
  assertEquals(labels(), []);
});

Deno.test("unloadValue() uses the unloader, or else Symbol.dispose, or else Symbol.asyncDispose", async () => {
  const log: string[] = [];
  const both = {
    [Symbol.dispose]: () => void log.push("sync"),
    [Symbol.asyncDispose]: () => Promise.resolve(void log.push("async")),
  };
  unloadValue({ unload: () => void log.push("own") }, both);
  unloadValue({}, both);
  await unloadValue({}, { [Symbol.asyncDispose]: both[Symbol.asyncDispose] });
  for (const value of [null, undefined, 1, "x", {}]) {
    assertEquals(unloadValue({}, value), undefined);
  }
  assertEquals(log, ["own", "sync", "async"]);
});
