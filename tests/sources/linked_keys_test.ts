import { assertEquals } from "@std/assert";
import { LinkedKeys } from "../../src/sources/linked_keys.ts";

Deno.test("LinkedKeys.of() returns the keys whose last read was from a path", () => {
  const links = new LinkedKeys();
  links.note("plain.txt", undefined);
  assertEquals(links.size, 0);
  for (const key of ["a.txt", "b.txt"]) links.note(key, "/real/one.txt");
  links.note("a.txt", "/real/one.txt");
  assertEquals([[...links.of("/real/one.txt")], links.size], [["a.txt", "b.txt"], 2]);
  links.note("a.txt", "/real/two.txt");
  assertEquals([[...links.of("/real/one.txt")], [...links.of("/real/two.txt")]], [
    ["b.txt"],
    ["a.txt"],
  ]);
  for (const key of ["a.txt", "b.txt"]) links.note(key, undefined); // not linked now
  assertEquals([[...links.of("/real/one.txt")], links.size], [[], 0]);
});

Deno.test("LinkedKeys.moved() returns the keys that now lead elsewhere", () => {
  const links = new LinkedKeys();
  const now: Record<string, string> = { "a.txt": "/real/one.txt", "b.txt": "/real/two.txt" };
  for (const key of ["a.txt", "b.txt", "c.txt"]) links.note(key, "/real/one.txt");
  assertEquals(links.moved((key) => now[key]), ["b.txt", "c.txt"]);
});
