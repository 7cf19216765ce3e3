import { assertEquals } from "@std/assert";
import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import fc from "fast-check";
import { MemorySource, ResourceManager } from "../../mod.ts";
import { matcherOf } from "../../src/names/glob.ts";

Deno.test("matcherOf() agrees with globToRegExp() on random patterns and keys", () => {
  const segment = fc.oneof(
    fc.constantFrom("**", "*", "{a,b}", "[ab]*", "@(a|*b)", "b{,a}"),
    fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 5 })
      .map((chars) => chars.join("")),
  );
  const path = (name: fc.Arbitrary<string>) =>
    fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join("/"));
  const key = path(
    fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 5 })
      .map((chars) => chars.join("")),
  );
  fc.assert(
    fc.property(path(segment), key, (glob, name) => {
      assertEquals(matcherOf(glob)(name), globToRegExp(glob).test(name), `${glob} ${name}`);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("matcherOf() does not split a group that contains a slash", () => {
  const fits = matcherOf("{a,b/c}/*.txt");
  assertEquals(["a/1.txt", "b/c/1.txt", "b/1.txt"].map(fits), [true, true, false]);
});

Deno.test("ResourceManager.find() is fast for names that almost fit, however long they are", () => {
  const deep = "d/".repeat(10_000) + "x.txt";
  const long = "a_".repeat(10_000) + ".txt";
  using mgr = new ResourceManager({ source: new MemorySource([[deep, ""], [long, ""]]) });
  const patterns = [
    "**/d/**/d/**/d/**/y.txt",
    "**/**/**/**/*.txt",
    "*_*_*_*_*b.txt",
    "*_*_?.*_*.*",
  ];
  assertEquals(patterns.map((pattern) => mgr.find(pattern)), [[], [long, deep], [], []]);
});
