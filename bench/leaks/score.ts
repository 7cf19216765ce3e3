/** The score: how many of the planted leaks each rung of the ladder finds. */
import { markdown } from "../compare/tables.ts";
import type { Rung, Verdict } from "./ladder.ts";

/** How many leaks the rungs found, in total and of each kind. */
export interface Score {
  /** How many leaks were planted. There are as many twins. */
  readonly planted: number;
  /** How many of them at least one rung has found. */
  readonly together: number;
  /** How many twins at least one rung has reported. */
  readonly flagged: number;
  readonly kinds: Readonly<Record<string, Readonly<Record<Rung, number>>>>;
}

export function scoreOf(verdicts: readonly Verdict[]): Score {
  const leaks = verdicts.filter(({ program }) => program.isLeak);
  const byKind = Map.groupBy(leaks, ({ program }) => program.kind.name);
  return {
    planted: leaks.length,
    together: leaks.filter(({ found }) => found.length > 0).length,
    flagged: verdicts.filter(({ program, found }) => !program.isLeak && found.length > 0).length,
    kinds: Object.fromEntries([...byKind].map(([kind, group]) => [kind, rungsOf(group)])),
  };
}

function rungsOf(verdicts: readonly Verdict[]): Record<Rung, number> {
  const count = (rung: Rung) => verdicts.filter(({ found }) => found.includes(rung)).length;
  return {
    lint: count("lint"),
    strict: count("strict"),
    tests: count("tests"),
    collector: count("collector"),
  };
}

/** The score as rows: a title, each kind, and the sums. */
export function rowsOf({ kinds, planted }: Score): string[][] {
  const sum = (rung: Rung) =>
    String(Object.values(kinds).reduce((all, each) => all + each[rung], 0));
  return [
    ["a leak", "lint", "strict", "tests", "collector"],
    ...Object.entries(kinds).map(([kind, found]) => [
      kind,
      ...[found.lint, found.strict, found.tests, found.collector].map((each) =>
        String(each || "–")
      ),
    ]),
    [`all ${planted}`, sum("lint"), sum("strict"), sum("tests"), sum("collector")],
  ];
}

/** The score in Markdown, with the totals below the table. */
export function leaksTable(score: Score): string {
  const [titles = [], ...rows] = rowsOf(score);
  const { together, planted, flagged } = score;
  const words = `Together they find ${together} of ${planted}, and report ${flagged} of ${planted}`;
  return `${markdown(titles, rows)}\n\n${words} twins.`;
}
