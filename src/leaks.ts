import { bold, dim, yellow } from "@std/fmt/colors";
import type { Entry, HandleLease } from "./_entry.ts";
import type { EventHub, Leak } from "./events.ts";
import { type Caller, SiteSampler } from "./_leak_detector.ts";

/** What is done about handles that nobody disposes. */
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
  /** Called for each leak. By default, one `console.warn` says it. */
  onLeak?(leak: Leak): void;
}

/** Tells of leaks, and counts them. */
export class LeakReporter {
  /** Whether handles are watched. */
  readonly detect: boolean;
  /** How many leaks there were. */
  count = 0;
  readonly #sites: SiteSampler | undefined;
  readonly #options: LeakOptions;
  readonly #events: EventHub;

  /** Throws a `RangeError` if `stacks` is no whole number. */
  constructor(options: LeakOptions = {}, events: EventHub) {
    const { detect = true, stacks = false } = options;
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
  }

  /** Whether call sites are captured. */
  get traces(): boolean {
    return this.#sites !== undefined;
  }

  /** The call site that a new handle is to remember, if any. */
  site(caller: Caller): string | undefined {
    return this.#sites?.site(caller);
  }

  /** A handle was collected without being disposed. */
  collected(entry: Entry, lease: HandleLease): void {
    this.#report(entry, lease, "garbage-collected without being disposed");
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

  #report(entry: Entry, lease: Pick<Partial<HandleLease>, "holder" | "site">, where: string): void {
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
