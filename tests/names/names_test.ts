import { assertEquals, assertThrows } from "@std/assert";
import { ResourcePathError } from "../../mod.ts";
import { normalizeName, resolveRelative } from "../../src/names/names.ts";

Deno.test("normalizeName() returns the same key for every spelling of a path", () => {
  const spellings = ["a.png", "./a.png", "b/../a.png", ".//a.png", "a.png/", "b/c/../../a.png"];
  for (const name of spellings) assertEquals(normalizeName(name), "a.png");
  assertEquals(normalizeName("dir//sub/./x.tar.gz"), "dir/sub/x.tar.gz");
  for (
    const name of ["...", "..a/b", "a..", "~", "a b", "ab:c/d", "ä/ü", "-", "a.png?v=3", "a#b"]
  ) {
    assertEquals(normalizeName(name), name);
  }
});

Deno.test("normalizeName() refuses a name that can't be a key, and says why", () => {
  const refused: [string, string][] = [
    ["", "it is empty"],
    ["a\0b", "it has a NUL character"],
    ["a\\b", "it has a backslash"],
    ["/etc/passwd", "it is absolute"],
    ["//server/share", "it is absolute"],
    ["C:/x", "it has a drive"],
    ["c:x", "it has a drive"],
    ["./C:/x", "it has a drive"],
    ["b/../C:x", "it has a drive"],
    ["c://x", "it has a drive"],
    ["https://example.com/a.png", "it is a URL, use a path below the source's root"],
    ["HTTP://a", "it is a URL"],
    ["file:///etc/passwd", "it is a URL"],
    ["web+x-1.0://", "it is a URL"],
    ["..", "it leads out of the root"],
    ["../a", "it leads out of the root"],
    ["a/../../b", "it leads out of the root"],
    ["./../a", "it leads out of the root"],
    [".", "it is the root itself"],
    ["a/..", "it is the root itself"],
  ];
  for (const [name, problem] of refused) {
    const error = assertThrows(() => normalizeName(name), ResourcePathError, problem);
    assertEquals(error.path, name);
  }
  assertThrows(() => normalizeName(5 as never), ResourcePathError, "it is not a string");
});

Deno.test("normalizeName() lets no combination of parts lead out of the root", () => {
  const parts = ["..", ".", "a", "", "...", " "];
  for (let n = 0; n < parts.length ** 5; n++) {
    const path = Array.from({ length: 5 }, (_, i) => parts[Math.floor(n / parts.length ** i) % 6]);
    let key: string;
    try {
      key = normalizeName(path.join("/"));
    } catch (error) {
      if (error instanceof ResourcePathError) continue;
      throw error;
    }
    const odd = key.split("/").filter((part) => part === ".." || part === "." || part === "");
    assertEquals(odd, [], key);
    assertEquals(normalizeName(key), key);
  }
});

Deno.test("normalizeName() recognises a URL only at the start of a name", () => {
  assertEquals(normalizeName("http:/a"), "http:/a");
  assertEquals(normalizeName("./http://a"), "http:/a");
  assertEquals(normalizeName("a?url=http://b"), "a?url=http:/b");
  assertEquals(normalizeName("1http://a"), "1http:/a");
});

Deno.test("resolveRelative() starts at the directory of the key, for ./ and ../ only", () => {
  const resolve = (name: string, key: string) => normalizeName(resolveRelative(name, key));
  assertEquals(resolve("./a.png", "levels/1.json"), "levels/a.png");
  assertEquals(resolve("../a.png", "levels/1.json"), "a.png");
  assertEquals(resolve("./a.png", "1.json"), "a.png");
  assertThrows(() => resolve("../a.png", "1.json"), ResourcePathError);
  assertEquals(resolve("a.png", "levels/1.json"), "a.png");
});

Deno.test("resolveRelative() returns a path with a slash, so it is never looked up as an indexed name", () => {
  assertEquals(resolveRelative("./hero", "1.json").includes("/"), true);
});
