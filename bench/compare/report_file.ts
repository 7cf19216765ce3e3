/** `bench/compare.json`: the report that the figures of the documentation come from. */
import { cpus } from "node:os";
import type { Report } from "./report.ts";

const FILE = new URL("../compare.json", import.meta.url);

/** The machine and the versions that this process runs on. */
export function machine(): string {
  const { deno, v8 } = Deno.version;
  return `${cpus()[0]?.model ?? Deno.build.arch}, Deno ${deno} (V8 ${v8})`;
}

export function readReport(): Report {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

export function writeReport(report: Report): void {
  Deno.writeTextFileSync(FILE, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** Replaces the times of the operations. Throws if the other figures are from another machine. */
export function replaceOperations(operations: Report["operations"]): void {
  const report = readReport();
  if (report.machine !== machine()) {
    throw new Error(
      `Cannot replace the operations: bench/compare.json is from ${report.machine}, ` +
        `and this is ${machine()}: run deno task compare --json`,
    );
  }
  writeReport({ ...report, operations });
}
