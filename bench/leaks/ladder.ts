/** Runs all rungs of the ladder on the planted programs. */
import { FOLDER, namesPlanted, type Program } from "./program.ts";
import { check, collect, lint, strict, test } from "./rungs.ts";

const root = new URL("../../", import.meta.url);

/** The rungs, from the top. */
export const RUNGS = ["lint", "strict", "tests", "collector"] as const;
export type Rung = typeof RUNGS[number];

/** The findings of all rungs for one program. */
export interface Verdict {
  readonly program: Program;
  /** The report of each rung; `""` if it reported nothing. */
  readonly reports: Readonly<Record<Rung, string>>;
  /** The rungs that named a planted line; for a twin, the rungs that reported anything. */
  readonly found: readonly Rung[];
}

/** Writes the programs to a folder, checks their types, lints them, and plays each three times. */
export async function climb(programs: readonly Program[]): Promise<Verdict[]> {
  try {
    for (const { path, text } of programs) {
      const file = new URL(path, root);
      Deno.mkdirSync(new URL("./", file), { recursive: true });
      Deno.writeTextFileSync(file, text);
    }
    await check();
    const linted = await lint(programs);
    const collected = await collect(programs);
    const verdicts: Verdict[] = [];
    for (const program of programs) {
      verdicts.push(verdictOn(program, {
        lint: linted.get(program)!,
        strict: await strict(program),
        tests: await test(program),
        collector: collected.get(program)!,
      }));
    }
    return verdicts;
  } finally {
    Deno.removeSync(new URL(FOLDER, root), { recursive: true });
  }
}

function verdictOn(program: Program, reports: Verdict["reports"]): Verdict {
  const found = RUNGS.filter((rung) =>
    program.isLeak ? namesPlanted(program, reports[rung]) : reports[rung] !== ""
  );
  return { program, reports, found };
}
