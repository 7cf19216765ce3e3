import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { assertNoLeaks, collectGarbage, ResourceLeakError } from "../../src/testing.ts";
import { bench, Thing } from "../_thing.ts";

const FILES = { "p.thing": "a.thing", "a.thing": "" };
const onLeak = () => {};

Deno.test("assertNoLeaks() passes when everything was released, even if resources stay resident", () => {
  using b = bench(FILES, { idle: "keep" });
  {
    using _p = b.mgr.load("p.thing", Thing);
    assertThrows(() => assertNoLeaks(b.mgr), ResourceLeakError);
  }
  assertNoLeaks(b.mgr);
  assertEquals(b.mgr.size, 2);
  b.mgr[Symbol.dispose]();
  assertNoLeaks(b.mgr);
});

Deno.test("assertNoLeaks() names key, type, scope and call site, and points at its caller", () => {
  using b = bench(FILES, { leaks: { stacks: true } });
  using scope = b.mgr.scope("level 1");
  scope.load("a.thing", Thing);
  const error = assertThrows(() => assertNoLeaks(b.mgr), ResourceLeakError) as ResourceLeakError;
  assertStringIncludes(error.message, '  a.thing  Thing  1 handle of "level 1"\n');
  assertStringIncludes(error.message, "assert_no_leaks_test.ts");
  assertEquals(error.stack?.includes("src/testing"), false);
  assertEquals(error.managers[0]?.held[0]?.stacks.length, 1);
});

Deno.test("assertNoLeaks() finds an acquire() without its release()", () => {
  using b = bench(FILES);
  using a = b.mgr.load("a.thing", Thing);
  b.mgr.acquire("a.thing");
  a[Symbol.dispose]();
  assertThrows(() => assertNoLeaks(b.mgr), ResourceLeakError, "1 acquire() not released");
  b.mgr.release("a.thing");
  assertNoLeaks(b.mgr);
});

Deno.test("assertNoLeaks() fails when a leak was reported, although its reference was released", async () => {
  using b = bench(FILES, { leaks: { onLeak } });
  (() => void b.mgr.load("a.thing", Thing))();
  await collectGarbage();
  assertEquals(b.mgr.size, 0);
  assertThrows(() => assertNoLeaks(b.mgr), ResourceLeakError, "1 handle reported as leaked before");
});
