import { assertEquals } from "@std/assert";
import type { Entry } from "../../src/cache/entry.ts";
import { cacheOf } from "../../src/cache/managers.ts";
import { ReloadPlan } from "../../src/reload/reload_plan.ts";
import { type Bench, bench, Thing } from "../_thing.ts";

/**
 * The keys that a plan for `roots` reloads, in order. Those in `failing` keep their value. `each`
 * is called for every key.
 */
function follow(
  b: Bench,
  roots: string[],
  { failing = [], each = () => {} }: { failing?: string[]; each?: (key: string) => void } = {},
): string[] {
  const cache = cacheOf(b.mgr);
  const plan = new ReloadPlan(roots.map((key) => cache.entries.get(key) as Entry), cache);
  const order: string[] = [];
  for (const entry of plan) {
    order.push(entry.key);
    each(entry.key);
    if (!failing.includes(entry.key)) plan.renewed(entry);
  }
  return order;
}

const DIAMOND = {
  "top.thing": "left.thing\nright.thing",
  "left.thing": "low.thing",
  "right.thing": "low.thing",
  "low.thing": "",
  "other.thing": "",
};

function diamond(): Bench {
  const b = bench(DIAMOND, { idle: "keep" });
  for (const key of ["top.thing", "other.thing"]) b.mgr.load(key, Thing)[Symbol.dispose]();
  return b;
}

Deno.test("ReloadPlan lists each entry once, after everything that it depends on, and nothing else", () => {
  using b = diamond();
  const order = follow(b, ["low.thing"]);
  assertEquals([order.at(0), order.at(-1), order.length], ["low.thing", "top.thing", 4]);
  assertEquals(follow(b, ["top.thing"]), ["top.thing"]);
  assertEquals(follow(b, ["other.thing", "left.thing"]), [
    "other.thing",
    "left.thing",
    "top.thing",
  ]);
  const all = follow(b, ["top.thing", "right.thing", "low.thing", "left.thing"]);
  assertEquals([all.at(0), all.at(-1), all.length], ["low.thing", "top.thing", 4]);
  assertEquals(follow(b, []), []);
});

Deno.test("ReloadPlan leaves out entries whose dependencies all keep their values", () => {
  using b = diamond();
  assertEquals(follow(b, ["low.thing"], { failing: ["low.thing"] }), ["low.thing"]);
  const roots = ["low.thing", "left.thing"];
  assertEquals(follow(b, roots, { failing: ["low.thing"] }), [
    "low.thing",
    "left.thing",
    "top.thing",
  ]);
});

Deno.test("ReloadPlan reloads what depends on an entry that keeps its value, if something further down is new", () => {
  using b = diamond();
  const order = follow(b, ["low.thing"], { failing: ["left.thing", "right.thing"] });
  assertEquals([order.at(0), order.at(-1), order.length], ["low.thing", "top.thing", 4]);
});

Deno.test("ReloadPlan leaves out entries that are unloaded meanwhile", () => {
  using b = diamond();
  const each = (key: string) => key === "low.thing" && b.mgr.unload("top.thing", { force: true });
  const order = follow(b, ["low.thing"], { each });
  assertEquals(order.toSorted(), ["left.thing", "low.thing", "right.thing"]);
});

Deno.test("ReloadPlan comes back to an entry that has gained a dependency that was not reloaded yet", () => {
  using b = bench({ "level.thing": "", "hero.thing": "", "game.thing": "level.thing" }, {
    idle: "keep",
  });
  for (const key of ["game.thing", "hero.thing"]) b.mgr.load(key, Thing)[Symbol.dispose]();
  b.source.set("level.thing", "hero.thing");
  const order = follow(b, ["level.thing", "hero.thing"], { each: (key) => b.mgr.reload(key) });
  assertEquals(order, ["level.thing", "game.thing", "hero.thing", "level.thing", "game.thing"]);
});
