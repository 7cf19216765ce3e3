import { assertEquals } from "@std/assert";
import { type Order, selectRows } from "../../../src/trace/page/selection.ts";
import { modelOf, smallGame } from "../_recordings.ts";

const { rows } = modelOf(smallGame());

function keys(query: string, order: Order): string[] {
  return selectRows(rows, query, order).map(({ key }) => key.replace(/.*\//, ""));
}

Deno.test("selectRows() finds rows by every word, in the key or the type, in any case", () => {
  assertEquals(keys("", "first").length, 7);
  assertEquals(keys("FOREST", "first"), ["map.json", "tree.png"]);
  assertEquals(keys("png forest", "first"), ["tree.png"]);
  assertEquals(keys("thing caves/b", "first"), ["bat.png"]);
  assertEquals(keys("dragon", "first"), []);
});

Deno.test("selectRows() sorts by first load, size, references and leaks; equals as they were loaded", () => {
  assertEquals(keys("", "first").slice(0, 3), ["hero.png", "map.json", "tree.png"]);
  assertEquals(keys("", "bytes").slice(0, 3), ["hero.png", "map.json", "tree.png"]);
  assertEquals(keys("", "references").slice(0, 3), ["tree.png", "hero.png", "map.json"]);
  assertEquals(keys("", "leaks").slice(0, 3), ["tree.png", "hero.png", "map.json"]);
});
