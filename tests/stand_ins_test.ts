/**
 * The stand-ins do what `@std` does. Where JSR can be reached, the imports by name are the real modules,
 * and these tests compare both; elsewhere they only show what the stand-ins return.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as assertions from "@std/assert";
import { format as formatBytes } from "@std/fmt/bytes";
import * as colors from "@std/fmt/colors";
import { globToRegExp } from "@std/path/posix/glob-to-regexp";
import { normalize } from "@std/path/posix/normalize";

/** Imports a stand-in by its path, typed as the real one. */
async function standIn<Module>(path: string): Promise<Module> {
  return await import(new URL(`stand_ins/@std/${path}`, import.meta.url).href);
}

const standInAssertions = await standIn<typeof assertions>("assert/1.0.19/mod.ts");
const { format: standInBytes } = await standIn<{ format: typeof formatBytes }>(
  "fmt/1.0.10/bytes.ts",
);
const standInColors = await standIn<typeof colors>("fmt/1.0.10/colors.ts");
const { normalize: standInNormalize } = await standIn<{ normalize: typeof normalize }>(
  "path/1.1.6/posix/normalize.ts",
);
const { globToRegExp: standInGlob } = await standIn<{ globToRegExp: typeof globToRegExp }>(
  "path/1.1.6/posix/glob_to_regexp.ts",
);

function outcome(run: () => unknown): unknown {
  try {
    return run() ?? "passed";
  } catch (error) {
    return (error as Error).name;
  }
}

Deno.test("the stand-in for @std/path normalises paths like the real one", () => {
  const paths = [
    "",
    ".",
    "a",
    "./a",
    "a/",
    "a//b",
    "a/./b",
    "a/../b",
    "../a",
    "a/../..",
    "/a/..",
    "...",
  ];
  assertEquals(paths.map(standInNormalize), paths.map(normalize));
  assertEquals(standInNormalize("b/../a.png"), "a.png");
});

Deno.test("the stand-in for @std/path reads globs like the real one", () => {
  const fits: [glob: string, path: string, fits: boolean][] = [
    ["*.png", "a.png", true],
    ["*.png", "b/a.png", false],
    ["**/*.png", "a.png", true],
    ["**/*.png", "b/c/a.png", true],
    ["b/**", "b/c/a.png", true],
    ["b/**", "bc", false],
    ["a**", "ab/c", false],
    ["?.png", "a.png", true],
    ["?.png", "ab.png", false],
    ["{a,b/c}.png", "b/c.png", true],
    ["{a,b}.png", "c.png", false],
    ["[a-c]1.png", "b1.png", true],
    ["[!a-c]1.png", "b1.png", false],
    ["[[:digit:]].png", "7.png", true],
    ["[.]x", ".x", true],
    ["@(a|b)+(1).png", "b11.png", true],
    ["!(a).png", "b.png", true],
    ["!(a).png", "a.png", false],
    ["a(1).png", "a(1).png", true],
    ["a[1.png", "a[1.png", true],
    ["{a.png", "{a.png", true],
    ["a.png/", "a.png", true],
    ["a//b", "a/b", true],
    ["", "", false],
  ];
  for (const [glob, path, expected] of fits) {
    assertEquals([glob, standInGlob(glob).test(path)], [glob, expected]);
    assertEquals([glob, globToRegExp(glob).test(path)], [glob, expected]);
  }
  assert(standInGlob("*.PNG", { caseInsensitive: true }).test("a.png"));
  assertEquals(standInGlob("@(a)", { extended: false }).test("a"), false);
  assertEquals(standInGlob("**/a", { globstar: false }).test("b/c/a"), false);
});

Deno.test("the stand-ins for @std/fmt write bytes and colours like the real ones", () => {
  const sizes = [0, 0.5, 1, 999, 1000, 1234, 1e6 - 1, 123_456_789, 5e12, -2048];
  for (const binary of [false, true]) {
    for (const size of sizes) {
      assertEquals(standInBytes(size, { binary }), formatBytes(size, { binary }));
    }
  }
  assertEquals(standInBytes(1_500_000), "1.5 MB");
  assertThrows(() => standInBytes(NaN), TypeError);
  for (const [name, paint] of Object.entries(standInColors)) {
    const real = colors[name as "bold"];
    const own = paint as typeof real;
    assertEquals(own(`x${own("y")}z`), real(`x${real("y")}z`));
  }
});

Deno.test("the stand-ins for @std/assert pass and throw where the real ones do", () => {
  const attempts = (a: typeof assertions) => [
    () => a.assert(1),
    () => a.assert(0),
    () => a.assertFalse(0),
    () => a.assertFalse(1),
    () => a.assertEquals({ a: [1, NaN] }, { a: [1, NaN] }),
    () => a.assertEquals({ a: 1 }, { a: 2 }),
    () => a.assertNotEquals([1], [2]),
    () => a.assertNotEquals([1], [1]),
    () => a.assertStrictEquals(NaN, NaN),
    () => a.assertStrictEquals({}, {}),
    () => a.assertNotStrictEquals({}, {}),
    () => a.assertNotStrictEquals(1, 1),
    () => a.assertExists(0),
    () => a.assertExists(null),
    () => a.assertAlmostEquals(1, 1 + 1e-9),
    () => a.assertAlmostEquals(1, 1.1),
    () => a.assertAlmostEquals(1, 1.1, 0.2),
    () => a.assertGreater(2, 1),
    () => a.assertGreater(1, 1),
    () => a.assertGreaterOrEqual(1, 1),
    () => a.assertGreaterOrEqual(0, 1),
    () => a.assertLess(1, 2),
    () => a.assertLess(1, 1),
    () => a.assertLessOrEqual(1, 1),
    () => a.assertLessOrEqual(2, 1),
    () => a.assertMatch("abc", /b/),
    () => a.assertMatch("abc", /x/),
    () => a.assertStringIncludes("abc", "b"),
    () => a.assertStringIncludes("abc", "x"),
    () => a.assertInstanceOf(new TypeError(), Error),
    () => a.assertInstanceOf(1, Error),
    () => a.assertIsError(new TypeError("abc"), TypeError, "b"),
    () => a.assertIsError(new TypeError("abc"), TypeError, /x/),
    () => a.assertThrows(() => a.fail("x")) instanceof Error,
    () => a.assertThrows(() => {}),
    () => a.assertThrows(() => a.fail("x"), RangeError),
    () => a.assertThrows(() => a.fail("x"), Error, "y"),
  ];
  const real = attempts(assertions).map(outcome);
  assertEquals(attempts(standInAssertions).map(outcome), real);
  assertEquals(real.filter((each) => each === "AssertionError").length, 19);
});

Deno.test("the stand-in for assertRejects() accepts rejections and refuses other outcomes, like the real one", async () => {
  for (const a of [standInAssertions, assertions]) {
    const failure = () => Promise.reject(new RangeError("abc"));
    assert(await a.assertRejects(failure) instanceof RangeError);
    assertEquals((await a.assertRejects(failure, RangeError, "b")).message, "abc");
    for (const bad of [() => Promise.resolve(1), failure]) {
      const error = await a.assertRejects(bad, TypeError).catch((error) => error);
      assertEquals(error.name, "AssertionError");
    }
  }
});

Deno.test("every version of a stand-in satisfies deno.json", () => {
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("../deno.json", import.meta.url)));
  for (const name of ["assert", "fmt", "path"]) {
    const meta = new URL(`stand_ins/@std/${name}/meta.json`, import.meta.url);
    const { latest } = JSON.parse(Deno.readTextFileSync(meta));
    assertEquals(imports[`@std/${name}`], `jsr:@std/${name}@^${latest}`);
  }
});
