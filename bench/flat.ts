/**
 * Fails when an operation costs more because more resources are loaded: measures each operation
 * with 10 to 1 000 000 residents, in its own process for each number. Prints the times as a table
 * of Markdown, and exits with 1 if one of them climbs. Takes two minutes.
 *
 * - `--json`: writes the times to `bench/compare.json`, from which `figures.ts` makes the table of the
 *   documentation.
 * - `--quick`: runs fewer rounds.
 * - names of operations, such as "a miss": measures only those.
 */
import {
  complaint,
  type Curve,
  lineOf,
  measureBeside,
  measureOperations,
} from "./compare/flatness.ts";
import { replaceOperations } from "./compare/report_file.ts";
import { operationsTable } from "./compare/tables.ts";
import { type OperationName, OPERATIONS } from "./operations.ts";

const complaints: string[] = [];

function show(curve: Curve): void {
  console.log(lineOf(curve));
  const wrong = complaint(curve);
  if (wrong !== undefined) complaints.push(wrong);
}

const only = Deno.args.filter((each) => each in OPERATIONS) as OperationName[];
if (only.length > 0) { for await (const [, curve] of measureOperations(only)) show(curve); }
else {
  const operations = {} as Record<OperationName, readonly number[]>;
  for await (const [name, curve] of measureOperations()) {
    operations[name] = curve.times;
    show(curve);
  }
  for await (const curve of measureBeside()) show(curve);
  console.log(`\n${operationsTable({ operations })}`);
  if (Deno.args.includes("--json")) replaceOperations(operations);
}
for (const wrong of complaints) console.error(wrong);
if (complaints.length > 0) Deno.exitCode = 1;
