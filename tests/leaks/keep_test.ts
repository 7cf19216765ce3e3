import { assertEquals, assertStrictEquals } from "@std/assert";
import { keep, MemorySource, ResourceManager, Text } from "../../mod.ts";

Deno.test("keep() returns what it is given, and disposes nothing", () => {
  using mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A" }) });
  using handle = mgr.load("a.txt", Text);
  assertStrictEquals(keep(handle), handle);
  assertEquals([handle.disposed, handle.value], [false, "A"]);
});
