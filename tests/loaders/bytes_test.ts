import { assert, assertEquals, assertFalse, assertNotStrictEquals } from "@std/assert";
import { Bytes, MemorySource, ResourceManager } from "../../mod.ts";

Deno.test("bytesLoader returns a copy of the source's bytes", () => {
  const original = new Uint8Array([1, 2, 3]);
  using mgr = new ResourceManager({ source: new MemorySource({ "a.bin": original }) });
  using a = mgr.load("a.bin", Bytes);
  assertEquals(a.value, original);
  assertNotStrictEquals(a.value, original);
  assertEquals(mgr.bytes, 3);
});

Deno.test("Bytes is the type of every Uint8Array and of nothing else", () => {
  const isBytes = (value: unknown) => value instanceof Bytes;
  assert(isBytes(new Uint8Array()));
  assertFalse(isBytes([1]) || isBytes(new Int8Array()) || isBytes("x"));
});
