import { assertEquals } from "@std/assert";
import { cacheOf } from "../../src/cache/managers.ts";
import { bench, Thing } from "../_thing.ts";

Deno.test("Dependents.of() returns the entries that were made from a key, until they change or are unloaded", () => {
  using b = bench({
    "p.thing": "a.thing",
    "q.thing": "a.thing\nb.thing",
    "a.thing": "",
    "b.thing": "",
  });
  const { dependents } = cacheOf(b.mgr);
  const of = (key: string) => [...dependents.of(key)].map((entry) => entry.key);
  /** The keys that take space. */
  const stored = () =>
    ["p", "q", "a", "b"].filter((key) => dependents.of(`${key}.thing`) !== dependents.of(""));
  using _a = b.mgr.load("a.thing", Thing);
  assertEquals([of("a.thing"), stored()], [[], []]);
  using p = b.mgr.load("p.thing", Thing);
  {
    using _q = b.mgr.load("q.thing", Thing);
    assertEquals([of("a.thing"), of("b.thing")], [["p.thing", "q.thing"], ["q.thing"]]);
  }
  assertEquals([of("a.thing"), of("b.thing"), stored()], [["p.thing"], [], ["a"]]);
  b.source.set("p.thing", "b.thing");
  b.mgr.reload("p.thing");
  assertEquals([of("a.thing"), of("b.thing")], [[], ["p.thing"]]);
  p[Symbol.dispose]();
  assertEquals(stored(), []);
});
