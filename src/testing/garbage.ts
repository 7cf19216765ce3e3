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
  /**
   * Collects until this returns `true`.
   *
   * @default {undefined} Collects `collections` times.
   */
  until?(): boolean;
  /**
   * How many times to collect; with `until`, the largest number of times.
   *
   * @default {2} With `until`, 20.
   */
  collections?: number;
}

/** More collections than any garbage needs. */
const PATIENCE = 20;

/** How many tasks to wait for finalizers: mostly they run in the next task, on a busy machine later. */
const DELAY = 5;

let gc: (() => void) | undefined;

/** Counts canaries: each collection finalises one, which shows that finalizers have run. */
let finalised = 0;
const canaries = new FinalizationRegistry<undefined>(() => finalised++);

/**
 * Collects garbage, and waits until the finalizers have run. After that, every forgotten handle has been
 * reported, and its reference released. Needs no flag and no permission (before Deno 2.9, the flag
 * `--v8-flags=--expose-gc`), and leaves nothing behind that test sanitizers complain about. Each
 * collection costs O(heap).
 *
 * Forget the handle in a function of its own: a value that a running function had in a variable may stay
 * alive until the function returns.
 *
 * @throws {Error} `until` still returns `false` after the last collection, or the runtime does not let
 * programs collect garbage.
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

/** Collects once, and waits for the finalizers, which run in later tasks. */
async function collectOnce(): Promise<void> {
  gc ??= exposed();
  const before = finalised;
  releaseCanary();
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    gc();
    for (let task = 0; task < DELAY && finalised === before; task++) await nextTask();
    if (finalised === before) continue;
    await nextTask(); // Each registry has its own task, and the canary's may be the first.
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

/** Creates the canary in a function of its own, so that nothing on the stack keeps it alive. */
function releaseCanary(): void {
  canaries.register({}, undefined);
}
