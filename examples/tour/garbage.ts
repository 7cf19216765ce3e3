import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** More than a leak ever needs: one collection finds it, and the second reports it. */
const MAX_ROUNDS = 20;

/** Collects garbage until `done`, and lets the collector's reports in between. */
export async function collectGarbage(done: () => boolean): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let round = 0; round < MAX_ROUNDS && !done(); round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
