import { assertEquals } from "@std/assert";
import { nextLeak, sitesOf } from "../../../src/trace/page/leak_sites.ts";
import { startTrace } from "../../../src/trace.ts";
import { FakeTime, leak, modelOf, SITE, Thing, things } from "../_recordings.ts";

const LOAD = "    at load (file:///game/load.ts:3:5)";

/** Leaks of three resources, at two call sites and in two scopes. */
function leaks() {
  using time = new FakeTime();
  using mgr = things((key) => key === "a.png" ? 4000 : 1000);
  using held = mgr.scope();
  for (const key of ["a.png", "b.png", "c.png"]) held.load(key, Thing);
  using trace = startTrace(mgr);
  for (const key of ["b.png", "b.png", "c.png"]) {
    time.wait(100);
    leak(mgr, key, "scene", LOAD);
  }
  for (const key of ["a.png", "b.png"]) leak(mgr, key, "", SITE);
  for (const label of ["menu", "menu", "cave"]) leak(mgr, "c.png", label);
  return modelOf(trace);
}

const model = leaks();

Deno.test("sitesOf() groups leaks by the line that opened them or by scope, and sorts by bytes", () => {
  const sites = sitesOf(model.leaks).map(({ name, leaks, bytes, stack }) => [
    ...[name, leaks.length, bytes, stack],
  ]);
  assertEquals(sites, [
    ["spawn · enemies.ts:42", 2, 5000, SITE],
    ["load · load.ts:3", 3, 2000, LOAD],
    ["scope “menu”", 2, 1000, undefined],
    ["scope “cave”", 1, 1000, undefined],
  ]);
  assertEquals(sitesOf([]), []);
});

Deno.test("nextLeak() goes through all leaks in the order of their openings, around the end, and back", () => {
  const { openings } = model;
  const seen = [nextLeak(openings, undefined, 1)];
  while (seen.length < openings.length + 1) seen.push(nextLeak(openings, seen.at(-1), 1));
  assertEquals(seen, [...openings, openings[0]]);
  assertEquals(nextLeak(openings, undefined, -1), openings.at(-1));
  assertEquals(nextLeak(openings, openings[0], -1), openings.at(-1));
  assertEquals(nextLeak(openings, openings[3], -1), openings[2]);
  assertEquals(nextLeak([], undefined, 1), undefined);
});
