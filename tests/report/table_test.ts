import { assertEquals } from "@std/assert";
import { drawTable } from "../../src/report/table.ts";
import { stripAnsiCode } from "../_ansi.ts";

Deno.test("drawTable() aligns columns, pads cells before it colours them, and leaves out empty columns", () => {
  const columns = [
    { title: "name" },
    { title: "empty" },
    { title: "n", numeric: true },
    { title: "state", paint: (cell: string) => `<${cell}>` },
  ];
  const lines = drawTable(columns, [["a", "", "10", "live"], ["longer", "", "9", "idle"]]);
  assertEquals(lines.map(stripAnsiCode), [
    "name     n  state",
    "a       10  <live >",
    "longer   9  <idle >",
  ]);
});

Deno.test("drawTable() cuts the middle of long cells, the widest column first, until a line fits", () => {
  const columns = [{ title: "key", long: true }, { title: "n" }, { title: "by", long: true }];
  const rows = [["chars/heroes/knight.png", "1", "forest/level 1"], ["a.png", "2", "b"]];
  const draw = (maxWidth: number) => drawTable(columns, rows, { maxWidth }).map(stripAnsiCode);
  assertEquals(draw(42), [
    "key                      n  by",
    "chars/heroes/knight.png  1  forest/level 1",
    "a.png                    2  b",
  ]);
  assertEquals(draw(33), [
    "key             n  by",
    "chars/h…ht.png  1  forest/level 1",
    "a.png           2  b",
  ]);
});

Deno.test("drawTable() cuts long columns to 12 characters at least, and does not cut other columns", () => {
  const name = "a name of many words";
  const columns = [{ title: "long", long: true }, { title: "short" }];
  assertEquals(drawTable(columns, [[name, name]], { maxWidth: 1 }).map(stripAnsiCode), [
    "long          short",
    "a name…words  a name of many words",
  ]);
});

Deno.test("drawTable() shows at most maxRows rows, in columns that fit these, and counts the rest", () => {
  const rows = [["a"], ["b"], ["a long one"]];
  const draw = (maxRows: number) => drawTable([{ title: "n" }], rows, { maxRows });
  assertEquals(draw(2).map(stripAnsiCode), ["n", "a", "b", "… 1 more"]);
  assertEquals(draw(3).map(stripAnsiCode), ["n", "a", "b", "a long one"]);
  assertEquals(draw(0).map(stripAnsiCode), ["n", "… 3 more"]);
});

Deno.test("drawTable() returns the titles when there are no rows", () => {
  assertEquals(drawTable([{ title: "a" }, { title: "b" }], []).map(stripAnsiCode), ["a  b"]);
});
