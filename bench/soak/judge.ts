import {
  ManagerDisposedError,
  ResourceLoadError,
  ResourceNotLoadedError,
  ResourceUnloadedError,
} from "../../mod.ts";
import type { Findings } from "./findings.ts";
import { type Ledger, Provoked } from "./ledger.ts";

/** What a judge needs to know. */
export interface Case {
  readonly findings: Findings;
  readonly ledger: Ledger;
  /** Whether a load of `key` may fail. */
  isFragile(key: string): boolean;
}

/** Separates errors that the soak has provoked from errors that must not happen. */
export class Judge {
  readonly #case: Case;

  constructor(what: Case) {
    this.#case = what;
  }

  /** Judges an error that has reached a caller or an `error` event. */
  hear(error: unknown): void {
    for (const leaf of leavesOf(error)) {
      const excused = this.#isExcused(leaf);
      this.#case.findings.check("errors", excused, () => describe(leaf));
    }
  }

  #isExcused(error: unknown): boolean {
    const { ledger, isFragile } = this.#case;
    if (error instanceof Provoked) {
      ledger.reported.add(error);
      return true;
    }
    if (error instanceof ResourceLoadError) return isFragile(error.key);
    if (error instanceof ManagerDisposedError) return ledger.isOver;
    if (error instanceof ResourceNotLoadedError) return ledger.reloading.includes(error.key);
    if (error instanceof ResourceUnloadedError) return ledger.forced(error.key) > 0;
    return error instanceof DOMException && error.name === "AbortError";
  }
}

/** The single errors inside an error: those that it collects, and the cause of a failed load. */
function leavesOf(error: unknown): unknown[] {
  if (error instanceof SuppressedError) {
    return [...leavesOf(error.error), ...leavesOf(error.suppressed)];
  }
  if (error instanceof AggregateError) return error.errors.flatMap(leavesOf);
  if (!(error instanceof ResourceLoadError)) return [error];
  const { cause } = error;
  return cause instanceof ResourceLoadError || cause instanceof Provoked
    ? leavesOf(cause)
    : [error];
}

export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
