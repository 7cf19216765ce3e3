/** Writes the figures of `bench/compare.json` into the documentation. */
import { documentsWith } from "./compare/figures.ts";
import { readReport } from "./compare/report_file.ts";

const root = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

for (const [path, text] of documentsWith(readReport(), read)) {
  Deno.writeTextFileSync(new URL(path, root), text);
}
