import type { EventHub, Leak } from "../contract/events.ts";
import type { LeakOptions } from "../contract/options.ts";
import { StrictWatch } from "./adoption.ts";
import { type Caller, SiteSampler } from "./call_sites.ts";
import { type HandleLease, type Leased, RecordedLease } from "./leases.ts";

/** Prints a leak; `where` says how it was found. */
export type LeakWarning = (leak: Leak, where: string) => void;

const UNADOPTED =
  "taken by no `using`, stack or scope until the end of its task: dispose it, or say keep(handle)";

/** Reports leaks, and counts them. */
export class LeakReporter {
  /** Whether handles are watched. */
  readonly detect: boolean;
  /** Looks for handles that nobody takes, in a strict manager. */
  readonly strict: StrictWatch | undefined;
  /** How many leaks there were. */
  count = 0;
  readonly #sites: SiteSampler | undefined;
  readonly #options: LeakOptions;
  readonly #events: EventHub;
  readonly #warn: LeakWarning;

  /** `warn` reports where `onLeak` is missing and nobody listens. */
  constructor(options: LeakOptions = {}, events: EventHub, warn: LeakWarning) {
    const { detect = true, strict = false, stacks = strict } = options;
    this.detect = detect;
    this.#sites = stacks === false || stacks === 0 ? undefined : new SiteSampler(Number(stacks));
    this.#options = options;
    this.#events = events;
    this.#warn = warn;
    this.strict = strict ? new StrictWatch((record) => this.#unadopted(record)) : undefined;
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
  collected(resource: Leased, lease: HandleLease): void {
    const known = lease instanceof RecordedLease ? lease : {};
    this.#report(resource, known, "garbage-collected without being disposed");
  }

  #unadopted(record: RecordedLease): void {
    this.#report(record.resource!, record, UNADOPTED);
    record.reported = true;
  }

  /** The manager has ended while handles are open; `others` of the references are not handles. */
  open(resource: Leased, others: number): void {
    if (!this.detect) return;
    const where = "still open when its manager was disposed";
    let anonymous = resource.handles - others;
    for (const lease of [...resource.leases ?? []]) {
      anonymous--;
      // The handle of a dependent resource is given back when that one unloads.
      if (!lease.holder?.isResource) this.#report(resource, lease, where);
    }
    while (anonymous-- > 0) this.#report(resource, {}, where);
  }

  #report(resource: Leased, lease: Partial<RecordedLease>, where: string): void {
    if (lease.reported) return;
    this.count++;
    const { holder, site } = lease;
    const leak: Leak = {
      key: resource.key,
      type: resource.typeName,
      ...(holder?.label && { label: holder.label }),
      ...(site !== undefined && { stack: site }),
    };
    this.#events.emit("leak", leak);
    try {
      if (this.#options.onLeak !== undefined) this.#options.onLeak(leak);
      else if (!this.#events.isHeard("leak")) this.#warn(leak, where);
    } catch (error) {
      this.#events.fail(error, resource.key);
    }
  }
}
