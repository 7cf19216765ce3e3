import type { RecordedLease } from "./leases.ts";

/** A handle of a strict manager. It is adopted by `using`, a `DisposableStack`, a scope or `keep`. */
export interface StrictlyHeld {
  readonly adopted: boolean;
  readonly record: RecordedLease;
}

/** Calls `run` when the current task and its microtasks have ended. */
export function afterTask(run: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  if (!setImmediate) setTimeout(run, 0);
  else setImmediate(run);
}

/** Reports, at the end of each task, the handles that were not adopted. */
export class StrictWatch {
  #fresh: StrictlyHeld[] = [];
  readonly #report: (records: readonly RecordedLease[]) => void;

  /** `report` receives the records of the handles that one task has not adopted. */
  constructor(report: (records: readonly RecordedLease[]) => void) {
    this.#report = report;
  }

  /** Watches a new handle until the task ends. */
  add(handle: StrictlyHeld): void {
    if (this.#fresh.push(handle) > 1) return;
    afterTask(() => {
      const left = this.#fresh.splice(0).filter(({ adopted }) => !adopted);
      this.#report(left.map(({ record }) => record));
    });
  }
}

/**
 * Marks a handle as kept on purpose, in a field or a registry, so that strict mode does not report
 * it as forgotten. Its owner still has to dispose it. O(1); costs nothing outside of strict mode.
 *
 * @returns The handle.
 *
 * @example
 * ```ts
 * import { type Handle, keep, MemorySource, ResourceManager, Text } from "@holdfast/resources";
 * import { assertEquals } from "@std/assert";
 *
 * class Credits implements Disposable {
 *   readonly #text: Handle<string>;
 *   constructor(mgr: ResourceManager) {
 *     this.#text = keep(mgr.load("credits.txt", Text));
 *   }
 *   [Symbol.dispose]() {
 *     this.#text[Symbol.dispose]();
 *   }
 * }
 * const source = new MemorySource({ "credits.txt": "You" });
 * using mgr = new ResourceManager({ source, leaks: { strict: true } });
 * {
 *   using _credits = new Credits(mgr);
 *   assertEquals(mgr.size, 1);
 * }
 * assertEquals(mgr.size, 0);
 * ```
 */
export function keep<H extends Disposable>(handle: H): H {
  void handle[Symbol.dispose]; // `using` and stacks read it too when they adopt a handle.
  return handle;
}
