import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import type { Leak } from "../../mod.ts";
import { LeakNews } from "../../src/leaks/leak_news.ts";
import { LeakSites } from "../../src/leaks/leak_sites.ts";

interface Setup {
  readonly news: LeakNews;
  /** What was reported: the call site, how many leaks it had before and has now, and the new keys. */
  readonly reported: string[];
  /** Finds `count` leaks of a line. */
  find(count: number, line?: number, key?: string): void;
}

function setUp(): Setup {
  const reported: string[] = [];
  const sites = new LeakSites();
  const news = new LeakNews(sites, (all) => {
    reported.push(
      all.map(({ site, sizes, reported, keys }) =>
        `${site.site} ${reported}→${site.count} ${[...sizes.keys()].slice(keys)}`
      ).join("; "),
    );
  });
  const find = (count: number, line?: number, key = "a") => {
    for (let i = 0; i < count; i++) {
      const stack = line === undefined ? {} : { stack: `    at f (file:///a.ts:${line}:1)` };
      const leak: Leak = { key, type: "Text", ...stack };
      news.add(sites.add(leak), "lost");
    }
  };
  return { news, reported, find };
}

Deno.test("LeakNews reports the leaks of a task when it ends, by call site, the worst first", async () => {
  const { reported, find } = setUp();
  find(1, 1);
  find(140, 2);
  assertEquals(reported, []);
  await setImmediate();
  assertEquals(reported, ["f · a.ts:2 0→140 a; f · a.ts:1 0→1 a"]);
});

Deno.test("LeakNews reports a call site again when it has twice as many leaks", async () => {
  const { reported, find } = setUp();
  for (let i = 0; i < 40; i++) {
    find(1, 1);
    await setImmediate();
  }
  assertEquals(reported.map((line) => line.split(" ")[3]), [
    "0→1",
    "1→2",
    "2→4",
    "4→8",
    "8→16",
    "16→32",
  ]);
});

Deno.test("LeakNews reports leaks without a call site again when another resource is among them", async () => {
  const { reported, find } = setUp();
  find(8, undefined, "a");
  await setImmediate();
  find(1, undefined, "a");
  await setImmediate();
  find(1, undefined, "b");
  await setImmediate();
  assertEquals(reported, ["undefined 0→8 a", "undefined 8→10 b"]);
});

Deno.test("LeakNews.report(true) reports the last numbers at once, and nothing twice", async () => {
  const { news, reported, find } = setUp();
  find(10, 1);
  await setImmediate();
  find(3, 1);
  await setImmediate();
  find(2, 1);
  find(1, 2);
  assertEquals(reported.splice(0), ["f · a.ts:1 0→10 a"]);
  news.report(true);
  assertEquals(reported.splice(0), ["f · a.ts:1 10→15 ; f · a.ts:2 0→1 a"]);
  await setImmediate();
  news.report(true);
  assertEquals(reported, []);
});
