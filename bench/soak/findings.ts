/** What must hold throughout a soak, in the words of the report. */
export const CHECKS = {
  once: "every value is unloaded exactly once",
  context: "what a loader leaves in its context is given back once",
  residents: "loads − unloads = resident resources",
  bytes: "the bytes are those of the values that are there",
  hits: "hits are the loads that found their resource",
  misses: "misses are between what arrived and what was asked for",
  evictions: "evictions are the unloads for space",
  references: "no reference is left but those of dependents",
  budget: "idle resources keep to the budget",
  leaks: "every forgotten handle is reported, and once",
  values: "no handle shows a value that is unloaded",
  reloads: "what is edited is reloaded to its last bytes",
  errors: "no error that was not provoked",
  reported: "every error of an unload reaches somebody",
  rejections: "no unhandled rejection",
  heap: "heap is flat",
  rss: "RSS is flat",
  files: "open file descriptors are flat",
  gpu: "GPU bytes are flat",
} as const;

export type Check = keyof typeof CHECKS;

/** How many reasons of one check are kept. */
const MAX_REASONS = 3;

/** How often something was checked, and how often it failed. */
export class Finding {
  times = 0;
  failures = 0;
  readonly reasons: string[] = [];

  /** A check that never ran does not hold. */
  get holds(): boolean {
    return this.times > 0 && this.failures === 0;
  }
}

/** The findings of all checks. */
export class Findings {
  readonly #findings = new Map<Check, Finding>();
  /** The checks that can't run here, and why. */
  readonly skipped = new Map<Check, string>();

  of(check: Check): Finding {
    let finding = this.#findings.get(check);
    if (finding === undefined) this.#findings.set(check, finding = new Finding());
    return finding;
  }

  check(check: Check, holds: boolean, reason: () => string): void {
    const finding = this.of(check);
    finding.times++;
    if (holds) return;
    finding.failures++;
    if (finding.reasons.length < MAX_REASONS) finding.reasons.push(reason());
  }

  equal(check: Check, found: number, expected: number, what: string): void {
    this.check(check, found === expected, () => `${what}: ${found}, where ${expected} is right`);
  }

  /** Whether all checks that can run here hold. */
  get hold(): boolean {
    return (Object.keys(CHECKS) as Check[]).every((each) =>
      this.skipped.has(each) || this.of(each).holds
    );
  }
}
