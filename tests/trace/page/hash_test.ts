import { assertEquals } from "@std/assert";
import { type Link, readHash, writeHash } from "../../../src/trace/page/hash.ts";
import { EVERYTHING } from "../../../src/trace/page/selection.ts";

Deno.test("readHash() reads what writeHash() has written", () => {
  const link: Link = {
    filter: {
      query: "a&b #=%",
      order: "leaks",
      leaking: true,
      type: "Texture",
      scope: "forest “1”",
      directory: "maps/forest/",
      grouped: false,
      folded: new Set(["maps/", "", "ui & co/"]),
    },
    ...{ from: 1000, to: 10_800_000_000, leak: 7, pinned: 0, mark: 5, width: 300 },
    ...{ selected: "maps/\u2028+<b>.png", tab: "leaks" },
  };
  assertEquals(readHash(`#${writeHash(link)}`), link);
});

Deno.test("writeHash() leaves out initial values", () => {
  assertEquals(writeHash({ filter: EVERYTHING }), "");
  assertEquals(readHash("").filter, EVERYTHING);
});

Deno.test("readHash() ignores values that are not valid", () => {
  const broken = "#from=x&to=1e9&leak=-&pinned=NaN&order=size&grouped=maybe&%E0%A4%A=%&&=&#";
  const { filter, from, to, leak, pinned } = readHash(broken);
  assertEquals(filter, EVERYTHING);
  assertEquals([from, to, leak, pinned], [undefined, undefined, undefined, undefined]);
});
