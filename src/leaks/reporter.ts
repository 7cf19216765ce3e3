import { bold, dim, yellow } from "../report/colors.ts";
import { type Entry, type HandleLease, RecordedLease, type StrictlyHeld } from "../cache/entry.ts";
import type { EventHub, Leak } from "../contract/events.ts";
import { type Caller, SiteSampler } from "./nursery.ts";
import { StrictWatch } from "./strict_watch.ts";

/**
 * What is done about handles that nobody disposes.
 *
 * @example
 * ```ts
 * import { type LeakOptions, ResourceManager } from "@holdfast/resources";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const leaks: LeakOptions = {
 *   stacks: true, // say where each handle was opened
 *   onLeak: ({ key, stack }) => assertStringIncludes(`${key} ${stack}`, "hero"),
 * };
 * using mgr = new ResourceManager({ leaks });
 * mgr.add("hero", "@"); // forgotten: reported when the manager is disposed
 * ```
 */
export interface LeakOptions {
  /**
   * Whether handles are watched.
   *
   * @default {true}
   */
  detect?: boolean;
  /**
   * Captures the call site of each handle, or of one in so many. Costs some 25 µs for each that
   * is captured.
   *
   * @default {false}
   */
  stacks?: boolean | number;
  /**
   * Also reports, when the task ends in which it was made, a handle that nobody has taken: no `using`,
   * no `DisposableStack.use`, no scope and no `keep`. It stays open and may still be disposed. Captures
   * call sites unless `stacks` says otherwise, and takes a slower way through every load: for
   * development.
   *
   * @default {false}
   */
  strict?: boolean;
  /** Called for each leak. By default, one `console.warn` says it. */
  onLeak?(leak: Leak): void;
}

const UNCLAIMED =
  "taken by no `using`, stack or scope until the end of its task: dispose it, or say keep(handle)";

/** Tells of leaks, and counts them. */
export class LeakReporter {
  /** Whether handles are watched. */
  readonly detect: boolean;
  /** Looks for handles that nobody takes, in a strict manager. */
  readonly strict: StrictWatch<StrictlyHeld> | undefined;
  /** How many leaks there were. */
  count = 0;
  readonly #sites: SiteSampler | undefined;
  readonly #options: LeakOptions;
  readonly #events: EventHub;

  /** Throws a `RangeError` if `stacks` is no whole number. */
  constructor(options: LeakOptions = {}, events: EventHub) {
    const { detect = true, strict = false, stacks = strict } = options;
    const interval = Number(stacks);
    if (!Number.isInteger(interval) || interval < 0) {
      throw new RangeError(
        `Cannot create a ResourceManager: "leaks.stacks" must be a boolean or a whole number: received ${stacks}`,
      );
    }
    this.detect = detect;
    this.#sites = interval === 0 ? undefined : new SiteSampler(interval);
    this.#options = options;
    this.#events = events;
    this.strict = strict ? new StrictWatch(({ record }) => this.#unclaimed(record)) : undefined;
  }

  /** Whether each handle that is made has to be looked at. */
  get watchesAll(): boolean {
    return this.#sites !== undefined || this.strict !== undefined;
  }

  /** The call site that a new handle is to remember, if any. */
  site(caller: Caller): string | undefined {
    return this.#sites?.site(caller);
  }

  /** A handle was collected without being disposed. */
  collected(entry: Entry, lease: HandleLease): void {
    const known = lease instanceof RecordedLease ? lease : {};
    this.#report(entry, known, "garbage-collected without being disposed");
  }

  #unclaimed(record: RecordedLease): void {
    this.#report(record.entry!, record, UNCLAIMED);
    record.reported = true;
  }

  /** Handles of `entry` are open, and its manager has ended; `others` of its references are no handles. */
  open(entry: Entry, others: number): void {
    if (!this.detect) return;
    const where = "still open when its manager was disposed";
    let anonymous = entry.handles - others;
    for (const lease of [...entry.leases()]) {
      anonymous--;
      // What a resource holds on another goes with it, if not at once.
      if (!lease.holder?.isResource) this.#report(entry, lease, where);
    }
    while (anonymous-- > 0) this.#report(entry, {}, where);
  }

  #report(entry: Entry, lease: Partial<RecordedLease>, where: string): void {
    if (lease.reported) return;
    this.count++;
    const leak: Leak = { key: entry.key, type: entry.typeName };
    if (lease.holder?.label) leak.label = lease.holder.label;
    if (lease.site !== undefined) leak.stack = lease.site;
    this.#events.emit("leak", leak);
    try {
      if (this.#options.onLeak !== undefined) this.#options.onLeak(leak);
      else console.warn(describeLeak(leak, where));
    } catch (error) {
      this.#events.fail(error, entry.key);
    }
  }
}

function describeLeak({ key, type, label, stack }: Leak, where: string): string {
  const scope = label ? ` of "${label}"` : "";
  const hint = stack ?? dim("    set leaks.stacks to see where it was opened");
  return `${yellow("Leaked handle")}: ${bold(`"${key}"`)} (${type})${scope} was ${where}\n${hint}`;
}
