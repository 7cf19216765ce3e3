import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** One full collection, and the callbacks that it causes: those run in a later task. */
export async function collect(): Promise<void> {
  gc();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Collects until `done`, and throws if that takes more than `rounds` collections. */
export async function collectUntil(done: () => boolean, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await collect();
    if (done()) return;
  }
  throw new Error(`Not done after ${rounds} collections`);
}

/** Bytes of the heap in use, after a few collections. */
export async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round++) await collect();
  return Deno.memoryUsage().heapUsed;
}
