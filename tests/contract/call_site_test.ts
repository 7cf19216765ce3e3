import { assertEquals } from "@std/assert";
import { lineOf, siteOf } from "../../src/contract/call_site.ts";

Deno.test("siteOf() names the function, the file and the line of the first frame, in any engine", () => {
  const cases: readonly [frame: string, site: string][] = [
    ["    at spawnEnemies (file:///game/src/make.ts:59:12)", "spawnEnemies · make.ts:59"],
    ["    at file:///game/main.ts:3:1", "main.ts:3"],
    ["    at new Game (https://host/game.js?v=1:2:3)", "new Game · game.js?v=1:2"],
    ["    at Level.start [as go] (file:///game/level.ts:7:9)", "Level.start [as go] · level.ts:7"],
    ["    at async enter (file:///game/level.ts:7:9)", "enter · level.ts:7"],
    ["    at async Promise.all (index 0)", "Promise.all (index 0)"],
    ["    at f (C:\\My Game (1)\\src\\make.ts:5:2)", "f · make.ts:5"],
    ["    at C:\\My Game (1)\\src\\make.ts:5:2", "make.ts:5"],
    ["    at file:///C:/game/@scope/make.ts:5:2", "make.ts:5"],
    ["    at f (node:internal/fs:5:2)", "f · fs:5"],
    ["    at f (make.ts:5:2)", "f · make.ts:5"],
    ["    at f (<anonymous>)", "f (<anonymous>)"],
    ["    at <anonymous>:1:5", "<anonymous>:1"],
    [
      "    at eval (eval at deep (file:///game/a.ts:9:53), <anonymous>:1:14)",
      "deep · a.ts:9",
    ],
    [
      "    at f (eval at g (eval at deep (file:///game/a.ts:9:53), <anonymous>:1:14), <anonymous>:2:2)",
      "deep · a.ts:9",
    ],
    ["spawn@http://host/@scope/make.js:5:2", "spawn · make.js:5"],
    ["@http://host/make.js:5:2", "make.js:5"],
    ["http://host/@scope/make.js:5:2", "make.js:5"],
    ["    at \x1b[31m\u202e (file:///a\x07.ts:1:1)", "\\u001b[31m\\u202e · a\\u0007.ts:1"],
    ["whatever prepareStackTrace made", "whatever prepareStackTrace made"],
    ["", ""],
  ];
  for (const [frame, site] of cases) {
    assertEquals(siteOf(frame), site);
    assertEquals(
      siteOf(`\n${frame}\n    at main (file:///game/main.ts:1:1)`.trimEnd()),
      site || "main · main.ts:1",
    );
  }
});

Deno.test("siteOf() and lineOf() stay fast for a long frame of any characters", () => {
  for (const part of ["(", ":1", " (", "@", "/", ")", "eval at ", "1", " "]) {
    assertEquals(lineOf(`at ${part.repeat(200_000)}x:1:2`).endsWith(":1"), true, part);
    assertEquals(siteOf(`at ${part.repeat(200_000)}x:1:2`).endsWith(":1"), true, part);
    siteOf(`at ${part.repeat(200_000)}`);
  }
});

Deno.test("lineOf() is the same for all columns of a line, and for code that the line evaluates", () => {
  const lines = [
    "    at f (file:///a.ts:1:2)\n    at g (file:///a.ts:9:9)",
    "    at f (file:///a.ts:1:40)\n    at h (file:///a.ts:8:8)",
    "    at f (file:///a.ts:2:2)",
    "    at f (file:///b/a.ts:1:2)",
    "    at eval (eval at f (file:///a.ts:1:2), <anonymous>:1:5)",
    "    at eval (eval at f (file:///a.ts:1:2), <anonymous>:7:7)",
  ].map(lineOf);
  assertEquals(lines.map((line) => lines.indexOf(line)), [0, 0, 2, 3, 0, 0]);
});
