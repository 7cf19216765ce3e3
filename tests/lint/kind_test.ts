import { assertEquals } from "@std/assert";
import { isForeign, isOurs } from "../../src/lint/imports.ts";
import { awaited, collected, elementOf, isPending, promised } from "../../src/lint/kind.ts";

const KINDS = ["handle", "task", "promise", "bundle", "bundle task", "scope"] as const;

Deno.test("awaited() and promised() lead from a promise to its result, and back", () => {
  assertEquals(KINDS.map(awaited), ["handle", "handle", "handle", "bundle", "bundle", "scope"]);
  const promises = ["promise", "promise", "promise", "bundle task", "bundle task", undefined];
  assertEquals(KINDS.map(promised), promises);
  assertEquals(KINDS.map(isPending), [false, true, true, false, true, false]);
  assertEquals([awaited("promise of handles"), promised("handles")], [
    "handles",
    "promise of handles",
  ]);
});

Deno.test("collected() and elementOf() lead from an element to its collection, and back", () => {
  const collections = ["handles", "tasks", "tasks", undefined, undefined, undefined];
  assertEquals(KINDS.map(collected), collections);
  assertEquals(KINDS.map(elementOf), KINDS.map(() => undefined));
  assertEquals([elementOf("handles"), elementOf("tasks")], ["handle", "task"]);
});

Deno.test("isOurs() and isForeign() recognise a module by its specifier", () => {
  const own = ["./a.ts", "../a.ts", "/a.ts", "@/a.ts", "~/a.ts", "#a", "$lib/a.ts", "file:///a.ts"];
  const foreign = ["cc", "npm:three", "jsr:@std/assert", "node:fs", "https://a.b/c.ts", "@a/b"];
  assertEquals(["@holdfast/resources", "jsr:@holdfast/resources@1", "cc"].map(isOurs), [
    true,
    true,
    false,
  ]);
  assertEquals([...own, "@holdfast/resources"].filter(isForeign), []);
  assertEquals(foreign.filter(isForeign), foreign);
});
