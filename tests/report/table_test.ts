import { assertEquals } from "@std/assert";
import { drawTable } from "../../src/report/table.ts";
import { stripAnsiCode } from "../_ansi.ts";

Deno.test("drawTable() aligns columns, pads before it colours, and leaves out what is empty", () => {
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

Deno.test("drawTable() has its titles when there are no rows", () => {
  assertEquals(drawTable([{ title: "a" }, { title: "b" }], []).map(stripAnsiCode), ["a  b"]);
});
