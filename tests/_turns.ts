import type { GatedSource } from "../src/testing.ts";

/** Lets all work run that needs no more than turns of the microtask queue. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

/** Lets every read end, also those that start meanwhile, and closes the gates again. */
export async function letThrough(source: GatedSource): Promise<void> {
  source.openAll();
  let before: number;
  do {
    before = source.reads.length;
    await turns();
  } while (source.reads.length > before);
  source.closeAll();
}
