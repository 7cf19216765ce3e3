import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { plural } from "../contract/errors.ts";

/**
 * How {@linkcode collectGarbage} collects.
 *
 * @example
 * ```ts
 * import { collectGarbage, type CollectGarbageOptions } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const found: string[] = [];
 * const registry = new FinalizationRegistry<string>((name) => found.push(name));
 * (() => registry.register({}, "sprite"))();
 * const options: CollectGarbageOptions = { until: () => found.length > 0 };
 * await collectGarbage(options);
 * assertEquals(found, ["sprite"]);
 * ```
 */
export interface CollectGarbageOptions {
  /** Goes on until this gives `true`. */
  until?(): boolean;
  /**
   * How many collections; with `until`, at most so many.
   *
   * @default {2} or, with `until`, 20
   */
  collections?: number;
}

/** More than anything needs that can be collected at all. */
const PATIENCE = 20;

/** How many tasks finalizers may be late: mostly they run in the next, and in a busy machine later. */
const DELAY = 5;

let gc: (() => void) | undefined;

/** Finalised by each collection: tells that finalizers have run. */
let finalised = 0;
const canaries = new FinalizationRegistry<undefined>(() => finalised++);

/**
 * Collects garbage, and waits until the finalizers have run that this causes: after it, every
 * forgotten handle has been reported, and its reference given back. Needs no flag and no permission
 * (before Deno 2.9, `--v8-flags=--expose-gc`), and leaves nothing behind that test sanitizers look
 * for. Each collection costs a look at the whole heap.
 *
 * Forget the handle in a function of its own: what a running function has had in a variable may stay
 * alive until that returns.
 *
 * @throws {Error} `until` does not hold after so many collections, or garbage can't be collected at all.
 *
 * @example
 * ```ts
 * import { type Leak, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { collectGarbage } from "@holdfast/resources/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const leaks: Leak[] = [];
 * using mgr = new ResourceManager({
 *   source: new MemorySource({ "intro.txt": "Hello" }),
 *   leaks: { onLeak: (leak) => leaks.push(leak) },
 * });
 * function forget() {
 *   mgr.load("intro.txt", Text);
 * }
 * forget();
 * await collectGarbage();
 * assertEquals(leaks, [{ key: "intro.txt", type: "Text", bytes: 5 }]);
 * assertEquals(mgr.size, 0);
 * ```
 */
export async function collectGarbage(options: CollectGarbageOptions = {}): Promise<void> {
  const { until } = options;
  const { collections = until === undefined ? 2 : PATIENCE } = options;
  for (let round = 0; round < collections; round++) {
    await collectOnce();
    if (until?.()) return;
  }
  if (until === undefined) return;
  throw new Error(
    `Cannot collect garbage until "until" holds: it does not after ${
      plural(collections, "collection")
    }`,
  );
}

/** One full collection, and the finalizers that it causes: those run in later tasks. */
async function collectOnce(): Promise<void> {
  gc ??= exposed();
  const before = finalised;
  releaseCanary();
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    gc();
    for (let task = 0; task < DELAY && finalised === before; task++) await nextTask();
    if (finalised === before) continue;
    await nextTask(); // Each registry has a task of its own, and the canary's may be the first.
    return;
  }
  throw new Error(`Cannot collect garbage: nothing was finalised in ${PATIENCE} collections`);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function exposed(): () => void {
  setFlagsFromString("--expose-gc");
  try {
    return runInNewContext("gc");
  } catch (cause) {
    const problem = "this runtime hides its collector, run it with --v8-flags=--expose-gc";
    throw new Error(`Cannot collect garbage: ${problem}`, { cause });
  }
}

/** In a function of its own, so that no register keeps it alive. */
function releaseCanary(): void {
  canaries.register({}, undefined);
}
