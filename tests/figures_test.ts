/** The figures in the documentation are the measured ones. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { documentsWith, PAGES, withFigures } from "../bench/compare/figures.ts";
import type { ContenderName } from "../bench/compare/contenders.ts";
import { complaint, operationCurves } from "../bench/compare/flatness.ts";
import { GROWTH, SIZES } from "../bench/compare/growth.ts";
import { limitsOf, type Report } from "../bench/compare/report.ts";
import { WORKLOADS } from "../bench/compare/workloads.ts";
import { OPERATIONS, RESIDENTS } from "../bench/operations.ts";

const root = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

const report: Report = JSON.parse(read("bench/compare.json"));

Deno.test("the pages have the figures of bench/compare.json", () => {
  for (const page of PAGES) assert(/<!-- figures: \w+ -->/.test(read(page)), page);
  const documents = documentsWith(report, read);
  assertEquals([...documents.keys()], [...PAGES, "docs/growth.svg"]);
  for (const [path, text] of documents) {
    assertEquals(read(path), text, `${path}: run deno task figures`);
  }
});

Deno.test("bench/compare.json has a figure for each comparison, or says why there is none", () => {
  for (const [name, { contenders }] of Object.entries(WORKLOADS)) {
    const { times, missing } = report.speed[name as keyof typeof WORKLOADS];
    for (const who of contenders as readonly ContenderName[]) {
      assert(times[who]! > 0 || missing[who] !== undefined, `${name}: ${who}`);
    }
  }
  for (const name of Object.keys(GROWTH) as (keyof typeof GROWTH)[]) {
    assertEquals(report.growth[name].length, SIZES.length, name);
  }
  assertEquals(Object.keys(report.operations), Object.keys(OPERATIONS));
  for (const [name, times] of Object.entries(report.operations)) {
    assertEquals(times.length, RESIDENTS.length, name);
  }
  for (const curve of operationCurves(report.operations)) {
    assertEquals(complaint(curve), undefined);
  }
  for (const { what, value } of limitsOf(report)) assert(value > 0, what);
});

Deno.test("withFigures() puts figures between their marks, and refuses a name that it does not know", () => {
  const page = (block: string) =>
    `a\n\n<!-- figures: machine -->\n\n${block}\n\n<!-- figures end -->\n\nb`;
  assertEquals(withFigures(page("old"), report), page(`Measured on ${report.machine}.`));
  const operations = withFigures(page("old").replace("machine", "operations"), report);
  assertMatch(operations, /^\| nanoseconds +\| 10 loaded \| 1 000 +\| 100 000 \| 1 000 000 \|$/m);
  for (const name of Object.keys(OPERATIONS)) assert(operations.includes(`\n| ${name} `), name);
  assertEquals(withFigures("no marks", report), "no marks");
  assertThrows(
    () => withFigures("<!-- figures: dreams -->\n\n1\n\n<!-- figures end -->", report),
    Error,
    'there are none called "dreams"',
  );
});
