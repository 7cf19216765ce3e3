import { assertEquals } from "@std/assert";
import { compare, type Difference, residentsAt } from "../../../src/trace/page/residents.ts";
import { modelOf, smallGame } from "../_recordings.ts";

const { rows } = modelOf(smallGame());
const ms = 1000;

Deno.test("residentsAt() lists what is in memory at a moment, the largest first", () => {
  const at = (time: number) =>
    residentsAt(rows, time * ms).map(({ row, bytes, references }) =>
      `${row.key} ${bytes} ×${references}`
    );
  assertEquals(at(350), [
    "chars/hero.png 4000 ×1",
    "forest/map.json 2000 ×1",
    "forest/tree.png 1000 ×2",
  ]);
  assertEquals(at(1000), [
    "chars/hero.png 5000 ×1",
    "forest/map.json 2000 ×0",
    "forest/tree.png 1000 ×0",
  ]);
  assertEquals(residentsAt([], 5), []);
});

Deno.test("compare() returns what came, what went and what changed between two moments", () => {
  const names = (list: readonly Difference[]) =>
    list.map(({ row, bytes }) => `${row.key} ${bytes}`);
  const { came, went, changed, bytes } = compare(rows, 850 * ms, 1210 * ms);
  assertEquals(names(came), ["caves/bat.png 1000"]);
  assertEquals(names(went), ["forest/tree.png -1000"]);
  assertEquals([names(changed), bytes], [[], 0]);
  const back = compare(rows, 1210 * ms, 850 * ms);
  assertEquals([names(back.came), names(back.went)], [
    ["forest/tree.png 1000"],
    ["caves/bat.png -1000"],
  ]);
  const reloaded = compare(rows, 699 * ms, 701 * ms);
  assertEquals([names(reloaded.changed), reloaded.bytes], [["chars/hero.png 1000"], 1000]);
  const same = compare(rows, 5, 5);
  assertEquals([same.came, same.went, same.changed, same.bytes], [[], [], [], 0]);
});
