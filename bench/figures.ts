/** Writes the figures of `bench/compare.json` into the documentation. */
import { documentsWith } from "./compare/figures.ts";
import type { Report } from "./compare/report.ts";

const root = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

const report: Report = JSON.parse(read("bench/compare.json"));
for (const [path, text] of documentsWith(report, read)) {
  Deno.writeTextFileSync(new URL(path, root), text);
}
