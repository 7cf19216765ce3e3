/** No test waits for a period of time or reads a clock: it would fail on a busy machine. */
import { assert, assertEquals } from "@std/assert";
import { filesBelow } from "./_files_below.ts";

/** Timers in this file only end tests that would wait for ever. */
const PATIENT = "_patience.ts";

/** Finds timers with a delay, and reads of the real time. */
const NO_WAITING: Deno.lint.Plugin = {
  name: "tests",
  rules: {
    "no-waiting": {
      create(context) {
        return {
          CallExpression(node) {
            const problem = problemOf(context.sourceCode.getText(node.callee), node.arguments);
            if (problem !== undefined) context.report({ node, message: problem });
          },
        };
      },
    },
  },
};

/** What is wrong with a call; `undefined` if nothing is. */
function problemOf(callee: string, args: readonly Deno.lint.Node[]): string | undefined {
  if (/\b(Date|performance)\.now$/.test(callee)) return "a clock";
  if (/(^|\.)(delay|sleep|waitForTimeout)$/.test(callee)) return "a while";
  const isTimer = /(^|\.)set(Timeout|Interval)$/.test(callee);
  const [first, second] = args;
  // Those of node:timers/promises have the delay first.
  const delay = first?.type === "Literal" ? first : second;
  const isNow = delay === undefined || delay.type === "Literal" && delay.value === 0;
  return isTimer && !isNow ? "a while" : undefined;
}

function problemsOf(file: string, source: string): string[] {
  return Deno.lint.runPlugin(NO_WAITING, file, source).map(({ message, range: [start] }) =>
    `${file}:${source.slice(0, start).split("\n").length} waits for ${message}`
  );
}

Deno.test("no test waits for a period of time, and none reads the clock", () => {
  const tests = new URL("./", import.meta.url);
  const files = filesBelow(tests).filter((file) => file.endsWith(".ts") && file !== PATIENT);
  assert(files.length > 100 && files.some((file) => file.startsWith("slow/")));
  const problems = files.flatMap((file) =>
    problemsOf(file, Deno.readTextFileSync(new URL(file, tests)))
  );
  assertEquals(problems, []);
});

Deno.test("the check finds timers with a delay and reads of the clock, and nothing else", () => {
  const waiting = [
    "await new Promise((resolve) => setTimeout(resolve, 5));",
    "globalThis.setInterval(look, pace);",
    "assertLess(performance.now() - start, 200);",
    "const end = Date.now() + 1000;",
    "await delay(10);",
    "await page.waitForTimeout(100);",
    "await setTimeout(5);",
  ];
  assertEquals(
    waiting.map((code) => problemsOf("a.ts", code)),
    ["while", "while", "clock", "clock", "while", "while", "while"].map((what) => [
      `a.ts:1 waits for a ${what}`,
    ]),
  );
  const prompt = [
    "await new Promise((resolve) => setTimeout(resolve, 0));",
    "setTimeout(resolve);",
    "await setTimeout(0);",
    "performance.now = () => 5;",
    'const code = "setTimeout(resolve, 5); Date.now()";',
    "clock.now(); new Date();",
  ];
  assertEquals(prompt.flatMap((code) => problemsOf("a.ts", code)), []);
});
