import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SlotMap } from "../../src/cache/slot_map.ts";

Deno.test("SlotMap has the same content as a Map after the same additions and deletions", () => {
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

Deno.test("SlotMap deletes its empty slots when there are more of them than keys", () => {
  const map = new SlotMap(-1);
  for (let i = 0; i < 1_000; i++) map.add(`${i}`, i);
  for (let i = 0; i < 990; i++) map.delete(`${i}`);
  assert(map.slots.size < 150, `${map.slots.size} slots for ${map.size}`);
  map.clear();
  assertEquals([map.size, map.slots.size], [0, 0]);
});

Deno.test("SlotMap keeps the slot of a key that is added and deleted again and again", () => {
  const map = new SlotMap(-1);
  for (let i = 0; i < 100; i++) map.add(`other ${i}`, i);
  for (let i = 0; i < 1_000; i++) {
    map.add("key", i);
    map.delete("key");
    assertEquals([map.get("key"), map.size, map.slots.size], [undefined, 100, 101]);
  }
});
