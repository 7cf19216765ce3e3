/** `normalizeName` takes short cuts; these tests compare it with a plain implementation of the rules. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ResourcePathError } from "../mod.ts";
import { normalizeDirectory, normalizeName } from "../src/names/names.ts";
import { hostileNames, RUNS } from "./_hostile_names.ts";

/** The key of a name, part by part; `undefined` if it has none. */
function keyOf(name: string): string | undefined {
  if (name.length > 32_767 || /[\0\\]|^\/|^[a-z]:|^[a-z][a-z0-9+.-]+:\/\//i.test(name)) {
    return undefined;
  }
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  const key = parts.join("/");
  return key === "" || /^[a-z]:/i.test(key) ? undefined : key;
}

function normalized(name: string): string | undefined {
  try {
    return normalizeName(name);
  } catch (error) {
    if (!(error instanceof ResourcePathError)) throw error;
    return undefined;
  }
}

Deno.test("normalizeName() follows the rules for every short name of special characters", () => {
  const characters = ["a", "-", ".", "/", " ", "\\", "\0", ":", "ä"];
  let names = [""];
  let keys = 0;
  for (let length = 0; length <= 5; length++) {
    for (const name of names) {
      const key = keyOf(name);
      if (key !== undefined) keys++;
      if (normalized(name) !== key) assertEquals(normalized(name), key, JSON.stringify(name));
    }
    if (length < 5) names = names.flatMap((name) => characters.map((each) => name + each));
  }
  assert(keys > 10_000, `${keys} keys`);
});

Deno.test("normalizeName() follows the rules for hostile names, and does not change a key", () => {
  let keys = 0;
  for (const name of hostileNames(RUNS)) {
    const key = keyOf(name);
    const found = normalized(name);
    if (found !== key) assertEquals(found, key, JSON.stringify(name));
    if (key === undefined) continue;
    keys++;
    if (normalizeName(key) !== key) assertEquals(normalizeName(key), key);
  }
  assert(keys > RUNS / 5 && keys < RUNS, `${keys} keys`);
});

Deno.test("normalizeName() accepts as many characters as file systems do, and refuses more at once", () => {
  for (const part of ["a/", "./", "a ", "b/../", "ä", "../", "a"]) {
    const longest = part.repeat(32_767 / part.length);
    assertEquals(normalized(longest), keyOf(longest));
    const name = part.repeat(1_000_000);
    assertThrows(() => normalizeName(name), ResourcePathError, "more than 32767 characters");
    assertThrows(() => normalizeDirectory(name), ResourcePathError, "more than 32767 characters");
  }
});

Deno.test("normalizeName() refuses what is not a string, even if it cannot be converted to one", () => {
  const values = [5, null, undefined, Symbol("a"), Object.create(null), { toString: 1 }, () => "a"];
  for (const value of [...values, new String("a"), ["a"]]) {
    assertEquals(normalized(value as never), undefined);
  }
});
