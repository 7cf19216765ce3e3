import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import type { Leak } from "../contract/events.ts";
import type { RecordedLease } from "../leaks/leases.ts";
import { recordScopes } from "../leaks/nursery.ts";
import type { HeldResource, ManagerLeaks } from "./leak_error.ts";

/** The leaks that each tracked manager has reported. */
const reports = new WeakMap<Cache, Leak[]>();

/** Records the leaks that a manager reports from now on, for {@linkcode leaksOf}. */
export function record(cache: Cache): void {
  if (reports.has(cache)) return;
  const leaks: Leak[] = [];
  reports.set(cache, leaks);
  cache.events.tap("leak", (leak) => leaks.push(leak));
}

/** Returns the leaks of a manager; `undefined` if there are none. O(resident resources and open handles). */
export function leaksOf(cache: Cache): ManagerLeaks | undefined {
  recordScopes();
  const entries = [...cache.known()];
  const recorded = reports.get(cache);
  // Disposing a manager reports all open handles, and a strict manager some before: none counts twice.
  const allReported = cache.disposed && cache.leaks.detect;
  const isNews = ({ reported }: RecordedLease) => recorded === undefined || !reported;
  const held = allReported && recorded ? [] : entries.flatMap((entry) => heldBy(entry, isNews));
  const counted = allReported
    ? handlesIn(held)
    : entries.reduce((sum, entry) => sum + reportedIn(entry), 0);
  const unseen = Math.max(0, cache.leaks.count - (recorded?.length ?? counted));
  const reported = [...recorded ?? []];
  return held.length + reported.length + unseen > 0 ? { held, reported, unseen } : undefined;
}

function handlesIn(held: readonly HeldResource[]): number {
  return held.reduce((sum, { handles }) => sum + handles, 0);
}

/** How many open handles of a resource have already been reported. */
function reportedIn(entry: Entry): number {
  return [...entry.leases ?? []].filter(({ reported }) => reported).length;
}

/** The holders of a resource: one for each scope, and one for all others but dependent resources. */
function heldBy(entry: Entry, isNews: (lease: RecordedLease) => boolean): HeldResource[] {
  const { key, typeName: type, manual } = entry;
  const leases = [...entry.leases ?? []];
  const byHolder = Map.groupBy(leases.filter(isNews), ({ holder }) => holder);
  const anonymous = byHolder.get(undefined) ?? [];
  const held: HeldResource[] = [];
  for (const [holder, group] of byHolder) {
    if (holder === undefined || holder.isResource) continue;
    const label = holder.label === "" ? {} : { label: holder.label };
    held.push({ key, type, ...label, handles: group.length, manual: 0, stacks: sitesOf(group) });
  }
  // Most handles have no lease: only their number is known.
  const handles = entry.handles - leases.length + anonymous.length;
  if (handles + manual > 0) held.push({ key, type, handles, manual, stacks: sitesOf(anonymous) });
  return held;
}

function sitesOf(leases: readonly RecordedLease[]): string[] {
  return leases.flatMap(({ site }) => site?.stack ?? []);
}
