import { assert, assertEquals } from "@std/assert";
import {
  bytesOf,
  EVERYTHING,
  type Filter,
  Group,
  linesOf,
  selectRows,
} from "../../../src/trace/page/selection.ts";
import { modelOf, smallGame } from "../_recordings.ts";

const { rows, directories } = modelOf(smallGame());

function keys(filter: Partial<Filter>): string[] {
  return selectRows(rows, { ...EVERYTHING, ...filter }).map(({ key }) => key.replace(/.*\//, ""));
}

Deno.test("selectRows() finds rows by every word, in the key or the type, in any case", () => {
  assertEquals(keys({}).length, 7);
  assertEquals(keys({ query: "FOREST" }), ["map.json", "tree.png"]);
  assertEquals(keys({ query: "png forest" }), ["tree.png"]);
  assertEquals(keys({ query: "thing caves/b" }), ["bat.png"]);
  assertEquals(keys({ query: "dragon" }), []);
});

Deno.test("selectRows() sorts by first load, size, references or leaks, and equal rows by first load", () => {
  const first = (order: Filter["order"]) => keys({ order }).slice(0, 3);
  assertEquals(first("first"), ["hero.png", "map.json", "tree.png"]);
  assertEquals(first("bytes"), ["hero.png", "map.json", "tree.png"]);
  assertEquals(first("references"), ["tree.png", "hero.png", "map.json"]);
  assertEquals(first("leaks"), ["tree.png", "hero.png", "map.json"]);
});

Deno.test("selectRows() filters by leaks, type, scope and directory", () => {
  assertEquals(keys({ leaking: true }), ["tree.png"]);
  assertEquals([keys({ type: "Thing" }).length, keys({ type: "Texture" })], [7, []]);
  assertEquals([keys({ scope: "forest" }), keys({ scope: "caves" })], [["tree.png"], []]);
  assertEquals(keys({ directory: "caves/" }), ["bat.png", "rock.png", "torch.png", "troll.png"]);
  assertEquals(keys({ directory: "caves/", query: "tr", leaking: true }), []);
});

Deno.test("linesOf() puts rows below their directory, and hides the rows of folded ones", () => {
  const filter = { ...EVERYTHING, folded: new Set(["forest/", "gone/"]) };
  const lines = linesOf(selectRows(rows, filter), filter, directories);
  const text = lines.map((line) => line instanceof Group ? line.directory.path : line.key);
  assertEquals(text, [
    ...["chars/", "chars/hero.png", "forest/", "caves/", "caves/bat.png"],
    ...["caves/rock.png", "caves/torch.png", "caves/troll.png"],
  ]);
  const forest = lines[2];
  assert(forest instanceof Group);
  assertEquals([forest.folded, forest.rows.length, forest.leaks, forest.bytes], [true, 2, 1, 3000]);
});

Deno.test("linesOf() has no headings if they are off, or if there is only one directory", () => {
  assertEquals(linesOf(rows, { ...EVERYTHING, grouped: false }, directories), [...rows]);
  const one = new Map([...directories].slice(0, 1));
  assertEquals(linesOf(rows.slice(0, 1), EVERYTHING, one), rows.slice(0, 1));
});

Deno.test("bytesOf() adds up the largest bytes of rows", () => {
  assertEquals([bytesOf(rows), bytesOf([])], [12_000, 0]);
});
