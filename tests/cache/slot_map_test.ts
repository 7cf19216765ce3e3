import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { SlotMap } from "../../src/cache/slot_map.ts";

Deno.test("SlotMap holds what a Map does, whatever comes and goes", () => {
  const steps = fc.array(fc.tuple(fc.nat(300), fc.boolean()), { maxLength: 2_000, size: "max" });
  fc.assert(
    fc.property(steps, (list) => {
      const [map, model] = [new SlotMap(-1), new Map<string, number>()];
      for (const [number, add] of list) {
        const key = `k${number}`;
        if (model.has(key)) {
          map.delete(key);
          model.delete(key);
        } else if (add) {
          map.add(key, number);
          model.set(key, number);
        }
        assertEquals([map.get(key), map.size], [model.get(key), model.size]);
      }
      assertEquals([...map].sort(), [...model].sort());
    }),
    { numRuns: 30 },
  );
});

Deno.test("SlotMap makes its table anew when more slots are empty than not", () => {
  const map = new SlotMap(-1);
  for (let i = 0; i < 1_000; i++) map.add(`${i}`, i);
  for (let i = 0; i < 990; i++) map.delete(`${i}`);
  assert(map.slots.size < 150, `${map.slots.size} slots for ${map.size}`);
  map.clear();
  assertEquals([map.size, map.slots.size], [0, 0]);
});

Deno.test("SlotMap takes one key that comes and goes as well beside 100 000 others as beside 100", () => {
  const time = (others: number) => {
    const map = new SlotMap(-1);
    for (let i = 0; i < others; i++) map.add(`other ${i}`, i);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      for (let i = 0; i < 20_000; i++) {
        map.add("key", i);
        map.delete("key");
      }
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  time(100);
  assertLess(time(100_000), 10 * time(100)); // a Map: several hundred times
});
