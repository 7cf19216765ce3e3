/** Lets all rungs look for what was planted. */
import { FOLDER, namesPlanted, type Program } from "./program.ts";
import { check, collect, lint, strict, test } from "./rungs.ts";

const root = new URL("../../", import.meta.url);

/** From the top. */
export const RUNGS = ["lint", "strict", "tests", "collector"] as const;
export type Rung = typeof RUNGS[number];

/** What the rungs found of one program. */
export interface Verdict {
  readonly program: Program;
  /** What each rung reported; `""` if nothing. */
  readonly reports: Readonly<Record<Rung, string>>;
  /** Those that named a planted line. Of a twin: those that reported anything. */
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
