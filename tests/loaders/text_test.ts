import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { MemorySource, ResourceLoadError, ResourceManager, Text } from "../../mod.ts";

Deno.test("textLoader decodes UTF-8, drops a byte order mark, and refuses other bytes", () => {
  using mgr = new ResourceManager({
    source: new MemorySource({
      "a.txt": "\ufeffgrün ✓",
      "b.md": "",
      "bad.txt": new Uint8Array([0xff, 0xfe]),
    }),
  });
  using a = mgr.load("a.txt", Text);
  using b = mgr.load("b.md", Text);
  assertEquals([a.value, b.value, mgr.bytes], ["grün ✓", "", 12]);
  const error = assertThrows(() => mgr.load("bad.txt", Text), ResourceLoadError);
  assert(error.cause instanceof TypeError);
});

Deno.test("Text is the type of every string and of nothing else", () => {
  const isText = (value: unknown) => value instanceof Text;
  assert(isText("") && isText("x"));
  assertFalse(isText(1) || isText(null) || isText(["x"]) || isText(new Map()));
});
