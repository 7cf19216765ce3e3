/**
 * Plays a long game in a short time: thousands of scenes with real files, a bad server and a GPU if
 * there is one. Everything that can go wrong does. Checks all the time that nothing is lost, and
 * exits with 1 if something is.
 *
 * - `--seconds=N`: the length of the game, 600 by default.
 * - `--seed=N`: makes the same choices again. The timing still depends on the machine.
 * - `--plant`: does harm on purpose, to show that every check finds it.
 */
import { report } from "./soak/report.ts";
import { soak } from "./soak/soak.ts";

/** The number in an argument, such as 30 for `--seconds=30`. */
function numberOf(name: string, otherwise: number): number {
  const prefix = `--${name}=`;
  const argument = Deno.args.find((each) => each.startsWith(prefix));
  if (argument === undefined) return otherwise;
  const number = Number(argument.slice(prefix.length));
  if (number > 0 && number < Infinity) return number;
  throw new RangeError(`Cannot soak: "${argument}" gives no positive number`);
}

const seconds = numberOf("seconds", 600);
const seed = Math.floor(numberOf("seed", 1 + Math.random() * 1e9));
console.log(`Soaking for ${seconds} s, seed ${seed}`);
const outcome = await soak({ seconds, seed, plants: Deno.args.includes("--plant") });
if (outcome.findings.skipped.has("gpu")) console.log("No GPU adapter: played without textures");
console.log(report(outcome));
if (!outcome.findings.hold) Deno.exitCode = 1;
