/**
 * The gate: all that must hold before a change lands. Runs every step, and says which failed.
 *
 * `.ci/run` passes `--tested`, because it has just run the fast tests under coverage: they do not run
 * again, but what they covered is still checked.
 */
import { gather } from "./_gather.ts";

const root = new URL("../", import.meta.url);
const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
const tested = Deno.args.includes("--tested");

/** What to run, as arguments of Deno. */
const STEPS: readonly string[] = [
  "fmt --check",
  "lint",
  "task -q std check .",
  `task -q std doc --lint ${Object.values(exports).join(" ")}`,
  tested ? "task -q covered" : "task -q cover",
  "task -q test:slow",
  "task -q std publish --dry-run --allow-dirty",
];

async function passes(step: string): Promise<boolean> {
  console.log(`\ndeno ${step}`);
  const command = new Deno.Command(Deno.execPath(), { args: step.split(" "), cwd: root });
  return (await command.spawn().status).success;
}

await gather(); // so that nothing old is checked
const failed: string[] = [];
for (const step of STEPS) if (!await passes(step)) failed.push(step);
for (const step of failed) console.error(`Failed: deno ${step}`);
if (failed.length === 0) console.log("\nThe gate is passed");
Deno.exit(failed.length === 0 ? 0 : 1);
