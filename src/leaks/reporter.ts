import type { EventHub, Leak } from "../contract/events.ts";
import type { LeakOptions } from "../contract/options.ts";
import { StrictWatch } from "./adoption.ts";
import { type Caller, type CallSite, captureSite, SiteSampler } from "./call_sites.ts";
import { LeakNews, type LeakWarning } from "./leak_news.ts";
import { LeakSites } from "./leak_sites.ts";
import type { Leased, LeasedResource, LeaseKind, RecordedLease } from "./leases.ts";

/** How many keys are suspects at once: the call site of each costs some 25 µs after a collection. */
const MOST_SUSPECTS = 32;

const UNADOPTED =
  "not adopted by `using`, a stack or a scope before its task ended: dispose it, or call keep(handle)";

/** The cache, as far as this room knows it. */
interface LeakingCache {
  /** The resource of an open handle. */
  leasedEntry(resource: LeasedResource): Pick<Leased, "heldBytes" | "divert">;
  /** Releases the reference of a handle that was collected. */
  releaseLeaked(resource: LeasedResource): void;
}

/**
 * Reports leaks, and counts them. The registry of handles reaches it for as long as a handle of its
 * manager is open. So it must not reach the manager: of its listeners it has only those that it calls.
 */
export class LeakReporter {
  /** Whether handles are watched. */
  readonly detect: boolean;
  /** Looks for handles that were not adopted, in a strict manager. */
  readonly strict: StrictWatch | undefined;
  /** Whether a new handle may need a call site. The fast path of a load does not look at this. */
  wantsSites: boolean;
  /** How many leaks there were. */
  count = 0;
  /** The leaks by call site. */
  readonly sites: LeakSites = new LeakSites();
  /** Whether the manager is disposed, and has reported the handles that were still open. */
  ended = false;
  /** The cache of the manager: collected if the manager was forgotten together with all its handles. */
  cache: WeakRef<LeakingCache> | undefined;
  readonly #kinds = new Map<string, LeaseKind>();
  readonly #sites: SiteSampler | undefined;
  /** The keys that leaked without a call site: that of the next handle of each is captured. */
  readonly #suspects = new Set<string>();
  /** Whether a leak without a call site makes its key a suspect. */
  readonly #isCurious: boolean;
  readonly #options: LeakOptions;
  readonly #events: EventHub;
  readonly #news: LeakNews;

  /** `warn` prints the leaks if there is neither `onLeak` nor a listener. */
  constructor(options: LeakOptions = {}, events: EventHub, warn: LeakWarning) {
    const { detect = true, strict = false, stacks = strict || undefined } = options;
    this.detect = detect;
    this.#sites = stacks ? new SiteSampler(Number(stacks)) : undefined;
    this.#isCurious = stacks !== false;
    this.#options = options;
    this.#events = events.only("leak", "error");
    this.#news = new LeakNews(this.sites, (news) => {
      try {
        warn(news);
      } catch (error) {
        this.#events.fail(error);
      }
    });
    this.strict = strict ? new StrictWatch((records) => this.#unadopted(records)) : undefined;
    this.wantsSites = this.watchesAll;
  }

  /** Whether every new handle may need a call site, or has to be adopted. */
  get watchesAll(): boolean {
    return this.#sites !== undefined || this.strict !== undefined;
  }

  /** Returns the call site that a new handle of `name` should keep, if any. */
  site(caller: Caller, name: string): CallSite | undefined {
    if (!this.#suspects.delete(name)) return this.#sites?.site(caller, name);
    this.wantsSites = this.watchesAll || this.#suspects.size > 0;
    return captureSite(caller);
  }

  /** Returns what the resources of one type have in common, for the leases of their handles. */
  kindOf(typeName: string): LeaseKind {
    let kind = this.#kinds.get(typeName);
    if (!kind) {
      kind = { typeName, leaked: (resource, record) => this.#collected(resource, record) };
      this.#kinds.set(typeName, kind);
    }
    return kind;
  }

  #collected(resource: LeasedResource, record: RecordedLease | undefined): void {
    if (this.ended) return; // It was reported when the manager was disposed.
    const cache = this.cache?.deref();
    const entry = cache?.leasedEntry(resource);
    const bytes = entry?.heldBytes;
    // The label of a scope says enough: a forgotten scope leaks all handles that it holds.
    if (this.#isCurious && !record?.site && !record?.holder) {
      this.#suspect(resource.key);
      entry?.divert();
    }
    cache?.releaseLeaked(resource);
    this.#report({ resource, bytes, record }, "garbage-collected without being disposed");
  }

  #suspect(key: string): void {
    const suspects = this.#suspects;
    if (suspects.size === MOST_SUSPECTS) suspects.delete(suspects.values().next().value!);
    suspects.add(key);
    this.wantsSites = true;
  }

  #unadopted(records: readonly RecordedLease[]): void {
    for (const record of records) {
      const { resource } = record;
      if (resource === undefined) continue;
      const bytes = this.cache?.deref()?.leasedEntry(resource).heldBytes;
      this.#report({ resource, bytes, record }, UNADOPTED);
    }
    this.#news.report();
  }

  /** Reports the handles that are open when the manager ends, but not the `lent` references. */
  reportOpen(resource: Leased, lent: number): void {
    if (!this.detect) return;
    const how = "still open when its manager was disposed";
    const { heldBytes: bytes } = resource;
    let anonymous = resource.handles - lent;
    for (const lease of [...resource.leases ?? []]) {
      anonymous--;
      // A dependent resource disposes its handle when it is unloaded.
      if (!lease.holder?.isResource) this.#report({ resource, bytes, record: lease }, how);
    }
    while (anonymous-- > 0) this.#report({ resource, bytes }, how);
  }

  /** Called when the manager has reported the handles that were open. */
  end(): void {
    this.ended = true;
    this.#news.report(true);
  }

  /** Reports a leak, unless its record says that it was reported. Most handles have no record. */
  #report(found: FoundLeak, how: string): void {
    const { resource: { key }, record } = found;
    if (record?.reported) return;
    if (record) record.reported = true;
    this.count++;
    const leak = leakOf(found);
    const site = this.sites.add(leak);
    this.#events.emit("leak", leak);
    try {
      if (this.#options.onLeak !== undefined) this.#options.onLeak(leak);
      else if (!this.#events.isHeard("leak")) this.#news.add(site, how);
    } catch (error) {
      this.#events.fail(error, key);
    }
  }
}

/** What is known about a leak. */
interface FoundLeak {
  readonly resource: Pick<Leased, "key" | "typeName">;
  readonly bytes?: number | undefined;
  readonly record?: RecordedLease | undefined;
}

function leakOf({ resource: { key, typeName }, bytes = 0, record }: FoundLeak): Leak {
  const { holder, site }: Partial<RecordedLease> = record ?? {};
  return {
    key,
    type: typeName,
    ...(holder?.label && { label: holder.label }),
    ...(bytes > 0 && { bytes }),
    ...site,
  };
}
