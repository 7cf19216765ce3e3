import { assertEquals } from "@std/assert";
import type { Leak } from "../../mod.ts";
import { LeakSites } from "../../src/leaks/leak_sites.ts";

const SPAWN = "    at spawn (file:///game/make.ts:59:12)\n    at update (file:///game/main.ts:7:3)";

function leak(key: string, rest: Partial<Leak> = {}): Leak {
  return { key, type: "Texture", ...rest };
}

function listOf(...leaks: Leak[]) {
  const sites = new LeakSites();
  for (const each of leaks) sites.add(each);
  return sites.list();
}

Deno.test("LeakSites counts the leaks of one line together, for any caller and any resource", () => {
  const stack = SPAWN.replace("59:12", "59:40").replace("update", "start");
  assertEquals(
    listOf(
      leak("a.png", { bytes: 100, stack: SPAWN, openedAt: 20, label: "caves" }),
      leak("b.png", { bytes: 200, stack, openedAt: 10, label: "caves" }),
    ),
    [{
      site: "spawn · make.ts:59",
      stack: SPAWN,
      openedAt: 20,
      count: 2,
      bytes: 300,
      keys: ["a.png", "b.png"],
    }],
  );
});

Deno.test("LeakSites counts the bytes of a resource once for a site, with the most that it had", () => {
  const [site] = listOf(...[100, 300, 200].map((bytes) => leak("a.png", { bytes, stack: SPAWN })));
  assertEquals([site!.count, site!.bytes, site!.keys], [3, 300, ["a.png"]]);
});

Deno.test("LeakSites groups leaks without a call site by their scopes", () => {
  assertEquals(
    listOf(leak("a.png", { label: "caves" }), leak("b.png"), leak("c.png", { label: "caves" })),
    [
      { label: "caves", count: 2, bytes: 0, keys: ["a.png", "c.png"] },
      { count: 1, bytes: 0, keys: ["b.png"] },
    ],
  );
  assertEquals(listOf(leak("a.png", { stack: "" })), [{ count: 1, bytes: 0, keys: ["a.png"] }]);
  assertEquals(listOf(leak("a.png"), leak("a.png", { label: "undefined" })).length, 2);
});

Deno.test("LeakSites sorts call sites by the most bytes, then by the most leaks", () => {
  const at = (line: number, key: string, bytes: number) =>
    leak(key, { bytes, stack: `    at f (file:///a.ts:${line}:1)` });
  const lines = listOf(
    at(1, "a", 10),
    at(2, "b", 30),
    at(3, "a", 10),
    at(3, "a", 10),
  ).map(({ site }) => site);
  assertEquals(lines, ["f · a.ts:2", "f · a.ts:3", "f · a.ts:1"]);
});

Deno.test("LeakSites limits the call sites and the keys that it lists, and counts the others too", () => {
  const sites = Array.from(
    { length: 1500 },
    (_, i) => leak("a", { label: `scene ${i}`, bytes: 1 }),
  );
  const list = listOf(...sites, ...sites);
  assertEquals(list.length, 1001);
  assertEquals(list.reduce((sum, { count }) => sum + count, 0), 3000);
  const keys = Array.from({ length: 1500 }, (_, i) => leak(`${i}`, { bytes: 1 }));
  const [one] = listOf(...keys);
  assertEquals([one!.count, one!.bytes, one!.keys.length], [1500, 1500, 1000]);
});
