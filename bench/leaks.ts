/**
 * Plants leaks in the examples, each with a twin that does not leak, and counts which rungs of the
 * ladder in docs/leaks.md find them. Fails if a leak passes all rungs, if a rung reports a twin, or
 * if the score differs from `bench/leaks.json`.
 *
 * `--json` writes that file. `--sample` plants each kind of leak in only one of the examples.
 */
import { missingPackages } from "../examples/sdl2/libraries.ts";
import { KINDS } from "./leaks/kinds.ts";
import { climb, type Verdict } from "./leaks/ladder.ts";
import { plant } from "./leaks/program.ts";
import { rowsOf, scoreOf } from "./leaks/score.ts";
import { readScore, writeScore } from "./leaks/score_file.ts";
import { SITES } from "./leaks/sites.ts";

const isSample = Deno.args.includes("--sample");

async function main(): Promise<void> {
  const missing = missingPackages();
  if (missing.length > 0) {
    throw new Error(`SDL2 is not here: apt-get install -y ${missing.join(" ")}`);
  }
  const programs = KINDS.flatMap((kind, index) =>
    SITES.filter((_, at) => !isSample || at === index % SITES.length)
      .flatMap((site) => [plant(kind, site, true), plant(kind, site, false)])
  );
  const verdicts = await climb(programs);
  const score = scoreOf(verdicts);
  for (const row of rowsOf(score)) print(row);
  const { together, planted, flagged } = score;
  console.log(`Together: ${together} of ${planted} leaks, ${flagged} of as many twins`);

  const failures = verdicts.flatMap(failureOf);
  if (Deno.args.includes("--json")) writeScore(score);
  else if (!isSample && JSON.stringify(score) !== JSON.stringify(readScore())) {
    failures.push("This is not the score of bench/leaks.json: run deno task leaks --json");
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) Deno.exitCode = 1;
}

function print([kind = "", ...found]: readonly string[]): void {
  console.log(kind.padEnd(41) + found.map((each) => each.padStart(9)).join(" "));
}

/** The problems of a verdict; empty if it is right. */
function failureOf({ program, reports, found }: Verdict): string[] {
  const what = `${program.kind.name}, in ${program.site.file}`;
  if (program.isLeak) return found.length > 0 ? [] : [`Nothing finds: ${what}`];
  return found.map((rung) => `Not a leak, but reported (${rung}): ${what}\n${reports[rung]}`);
}

await main();
