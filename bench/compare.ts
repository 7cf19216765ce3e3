/**
 * Compares Holdfast with other caches and reference counters: speed, growth and memory, in one run.
 * Each contender runs in a process of its own, proves that it does the work, and is measured in turn
 * with the others. Prints tables, and exits with 1 if a limit is passed. Takes a quarter of an hour.
 *
 * - `--json`: writes the figures to `bench/compare.json`, from which `figures.ts` makes the tables of
 *   the documentation.
 * - `--quick`: runs fewer rounds.
 * - names of workloads: runs only those, without limits.
 */
import { type ContenderName, CONTENDERS } from "./compare/contenders.ts";
import { GROWTH, type GrowthName, SIZES } from "./compare/growth.ts";
import {
  complaint,
  lineOf,
  measureOperations,
  operationCurves,
  type OperationTimes,
} from "./compare/flatness.ts";
import { measureMemory } from "./compare/memory.ts";
import { race } from "./compare/race.ts";
import { limitsOf, type Report, type Speed } from "./compare/report.ts";
import { machine, writeReport } from "./compare/report_file.ts";
import {
  bytesTable,
  growthTable,
  limitsTable,
  millionTable,
  operationsTable,
  speedTable,
} from "./compare/tables.ts";
import { type WorkloadName, WORKLOADS } from "./compare/workloads.ts";

async function speedOf(name: WorkloadName): Promise<Speed> {
  const runners = WORKLOADS[name].contenders.map((who) => ({
    name: who,
    args: ["work", name, who],
  }));
  const { times, missing } = await race(runners);
  for (const [who, why] of missing) console.log(`${who} does not run here: ${why}`);
  return { times: Object.fromEntries(times), missing: Object.fromEntries(missing) };
}

async function growthOf(name: GrowthName): Promise<number[]> {
  const runners = SIZES.map((size) => ({ name: `${size}`, args: ["growth", name, `${size}`] }));
  const { times, missing } = await race(runners, 1);
  if (missing.size > 0) throw new Error([...missing.values()].join("\n"));
  return [...times.values()];
}

/** Runs one after the other, and shows each result as soon as it is known. */
async function each<K extends string, V>(
  names: readonly K[],
  run: (name: K) => Promise<V>,
  show: (name: K, value: V) => string,
): Promise<Record<K, V>> {
  const results = {} as Record<K, V>;
  for (const name of names) {
    results[name] = await run(name);
    console.log(`\n${show(name, results[name])}`);
  }
  return results;
}

async function speeds(names: readonly WorkloadName[]): Promise<Report["speed"]> {
  return await each(names, speedOf, (name, speed) => {
    const { title, unit } = WORKLOADS[name];
    const table = speedTable({ speed: { [name]: speed } }, { [name]: title });
    return `${title}: nanoseconds a ${unit}\n${table}`;
  });
}

async function compareAll(): Promise<Report> {
  const speed = await speeds(Object.keys(WORKLOADS) as WorkloadName[]);
  const operations = {} as Record<keyof OperationTimes, readonly number[]>;
  for await (const [name, curve] of measureOperations()) {
    operations[name] = curve.times;
    console.log(`\n${lineOf(curve)}`);
  }
  const grown = Object.keys(GROWTH) as GrowthName[];
  const growth = await each(grown, growthOf, (name, list) => {
    const steps = list.map((ns, i) => `${SIZES[i]}: ${ns.toFixed(1)}`);
    return `${name}: nanoseconds\n${steps.join("   ")}`;
  });
  const memory = await measureMemory(Object.keys(CONTENDERS) as ContenderName[]);
  return { machine: machine(), speed, operations, growth, ...memory };
}

const only = Deno.args.filter((each) => each in WORKLOADS) as WorkloadName[];
if (only.length > 0) await speeds(only);
else {
  const report = await compareAll();
  for (const table of [operationsTable, growthTable, bytesTable, millionTable, limitsTable]) {
    console.log(`\n${table(report)}`);
  }
  if (Deno.args.includes("--json")) writeReport(report);
  const climbing = operationCurves(report.operations).flatMap((curve) => complaint(curve) ?? []);
  for (const wrong of climbing) console.error(wrong);
  const passed = limitsOf(report).some(({ value, atMost }) => !(value <= atMost));
  if (passed || climbing.length > 0) Deno.exitCode = 1;
}
