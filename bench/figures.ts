/** Writes the figures of `bench/compare.json` into the documentation. */
import { CHART, growthChart, PAGES, withFigures } from "./compare/figures.ts";
import type { Report } from "./compare/report.ts";

const root = new URL("../", import.meta.url);
const report: Report = JSON.parse(Deno.readTextFileSync(new URL("bench/compare.json", root)));
for (const page of PAGES) {
  const path = new URL(page, root);
  Deno.writeTextFileSync(path, withFigures(Deno.readTextFileSync(path), report));
}
Deno.writeTextFileSync(new URL(CHART, root), growthChart(report));
