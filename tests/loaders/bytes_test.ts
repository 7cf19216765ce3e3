import { assert, assertEquals, assertFalse, assertNotStrictEquals } from "@std/assert";
import { Bytes, MemorySource, ResourceManager } from "../../mod.ts";

Deno.test("bytesLoader gives the bytes as they are, apart from the source's", () => {
  const original = new Uint8Array([1, 2, 3]);
  using mgr = new ResourceManager({ source: new MemorySource({ "a.bin": original }) });
  using a = mgr.load("a.bin", Bytes);
  assertEquals(a.value, original);
  assertNotStrictEquals(a.value, original);
  assertEquals(mgr.bytes, 3);
});

Deno.test("Bytes is every Uint8Array and nothing else", () => {
  const isBytes = (value: unknown) => value instanceof Bytes;
  assert(isBytes(new Uint8Array()));
  assertFalse(isBytes([1]) || isBytes(new Int8Array()) || isBytes("x"));
});
