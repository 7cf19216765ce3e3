/** `bench/leaks.json`: the score that the documentation shows. */
import type { Score } from "./score.ts";

const FILE = new URL("../leaks.json", import.meta.url);

export function readScore(): Score {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

export function writeScore(score: Score): void {
  Deno.writeTextFileSync(FILE, `${JSON.stringify(score, undefined, 2)}\n`);
}
