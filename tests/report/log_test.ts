import { assert, assertEquals, assertThrows } from "@std/assert";
import { logEvents, ResourceLoadError } from "../../mod.ts";
import { stripAnsiCode } from "../_ansi.ts";
import { captured } from "../_console.ts";
import { guardAgainstLeaks, leakOnPurpose } from "../_guard.ts";
import { bench, Thing } from "../_thing.ts";

guardAgainstLeaks();

Deno.test("logEvents() prints a line for each event until it is disposed", () => {
  leakOnPurpose();
  const b = bench({ "a.thing": "aa", "b.thing": "bbb", "bad.thing": "throw" }, {
    maxBytes: 4,
    leaks: { onLeak: () => {}, stacks: true },
  });
  const lines = captured("log", () => {
    using _log = logEvents(b.mgr);
    b.mgr.load("a.thing", Thing)[Symbol.dispose]();
    const open = b.mgr.load("b.thing", Thing);
    b.mgr.reload("b.thing");
    b.mgr.unload("b.thing");
    b.source.set("b.thing", "throw\nlines");
    assertThrows(() => b.mgr.reload("b.thing"), ResourceLoadError);
    b.mgr.load("a.thing", Thing);
    b.mgr[Symbol.dispose]();
    assert(!open.disposed);
  }).map((line) => stripAnsiCode(String(line)).replace(/[\d.]+ ms/, "N ms"));
  b.mgr.on("load", () => {});
  assertEquals(lines.slice(0, 8), [
    "load    a.thing (Thing, 2 B, N ms)",
    "load    b.thing (Thing, 3 B, N ms)",
    "evict   a.thing (Thing, 2 B, evicted)",
    "reload  b.thing (version 2, N ms)",
    lines[4],
    'error   Cannot load "b.thing": b.thing is broken',
    "load    a.thing (Thing, 2 B, N ms)",
    "budget  5 B (over 4 B)",
  ]);
  assert(
    lines[4]?.startsWith('warning Cannot unload "b.thing": it is held by 1 handle, opened at'),
  );
  assert(lines.some((line) => line.startsWith("leak    b.thing (Thing, at ")));
});
