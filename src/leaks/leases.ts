import { LinkedList } from "../contract/linked_list.ts";
import type { CallSite } from "./call_sites.ts";
import type { Lease } from "./nursery.ts";

/** What holds a handle, for reports: a scope, or a resource with dependencies. */
export interface LeaseHolder {
  readonly label: string;
  /** Whether it is a resource: the handles of its dependencies are never leaks. */
  readonly isResource?: boolean;
  /** The open handles that were cloned from the scope's handles, and that the scope does not own. */
  readonly clones?: Set<RecordedLease>;
}

/** What is known about a handle when it is opened. */
export interface LeaseDetails {
  readonly holder?: LeaseHolder | undefined;
  readonly site?: CallSite | undefined;
  /** The scope whose handle it was cloned from. */
  readonly origin?: LeaseHolder | undefined;
}

/** A resource, as far as this room knows it. */
export interface Leased {
  readonly key: string;
  /** Distinguishes it from other resources of the same key. */
  readonly id: number;
  /** The name of the type that its value was loaded as. */
  readonly typeName: string;
  readonly kind: LeaseKind;
  /** How many bytes its handles keep resident. */
  readonly heldBytes: number;
  /** Lets its next load take the slower path, which can capture a call site. */
  divert(): void;
  /** How many handles are open. */
  readonly handles: number;
  /** How many references `acquire` took. */
  readonly manual: number;
  /** The recorded leases of its open handles: of most handles, only the number is known. */
  readonly leases: LeaseList | undefined;
}

/** All resources of one type in one manager. */
export interface LeaseKind {
  /** The name of the type that their values were loaded as. */
  readonly typeName: string;
  /** Called when a handle was collected without being disposed. `record` is what was known about it. */
  leaked(resource: LeasedResource, record?: RecordedLease): void;
}

/**
 * Identifies a resource without reaching it. The registry of handles reaches this for as long as a
 * handle is open. If this reached the value, and the value its own handle, the handle would never be
 * collected.
 */
export interface LeasedResource {
  readonly key: string;
  readonly id: number;
  /** The name of the type that its value was loaded as. */
  readonly typeName: string;
}

/** The id in the lease of a disposed handle. */
const CLOSED = -1;

/** The lease of an open handle about which nothing else is known. There may be a million of them. */
export class HandleLease implements Lease, LeasedResource {
  readonly key: string;
  readonly kind: LeaseKind;
  id: number;

  constructor({ key, kind, id }: Leased) {
    this.key = key;
    this.kind = kind;
    this.id = id;
  }

  get typeName(): string {
    return this.kind.typeName;
  }

  /** No scope: the handle of a scope has another lease. */
  get scope(): undefined {
    return undefined;
  }

  close(): void {
    this.id = CLOSED;
  }

  collected(): void {
    if (this.id !== CLOSED) this.kind.leaked(this);
  }
}

/** The lease of a handle about which more is known. It is in its resource's list while it is open. */
export class RecordedLease implements Lease {
  /** `undefined` once the handle is disposed, or collected. */
  resource: LeaseList | undefined;
  readonly holder: LeaseHolder | undefined;
  readonly site: CallSite | undefined;
  /** The scope that owns the handle, or whose handle it was cloned from. */
  readonly scope: LeaseHolder | undefined;
  /** Whether the handle was reported as a leak, by any of the ways to find one. */
  reported = false;
  previous: RecordedLease | undefined;
  next: RecordedLease | undefined;

  constructor(resource: LeaseList, { holder, site, origin }: LeaseDetails) {
    this.resource = resource;
    this.holder = holder;
    this.site = site;
    this.scope = holder?.isResource ? undefined : holder ?? origin;
    resource.add(this);
    if (holder === undefined) origin?.clones?.add(this);
  }

  close(): void {
    this.resource?.delete(this);
    this.resource = undefined;
    if (this.scope !== this.holder) this.scope?.clones?.delete(this);
  }

  collected(): void {
    const { resource } = this;
    if (resource === undefined) return;
    this.close();
    resource.kind.leaked(resource, this);
  }
}

/** The handles of a scope. Each of them keeps the others alive. */
export interface LeaseGroup {
  /** Lets each of its handles be collected and reported on its own. */
  scatter(): void;
}

/** The lease of a scope, for all handles that it owns. */
export class GroupLease implements Lease {
  readonly #leases: readonly RecordedLease[];
  readonly #group: WeakRef<LeaseGroup>;

  constructor(leases: readonly RecordedLease[], group: LeaseGroup) {
    this.#leases = leases;
    this.#group = new WeakRef(group);
  }

  collected(): void {
    const group = this.#group.deref();
    // If the group is still there, one of its handles is in use. The others may be forgotten.
    if (group !== undefined) group.scatter();
    else for (const lease of this.#leases) lease.collected();
  }
}

/** The recorded leases of one resource, the oldest first. It identifies the resource for all of them. */
export class LeaseList extends LinkedList<RecordedLease> implements LeasedResource {
  readonly key: string;
  readonly kind: LeaseKind;
  readonly id: number;

  constructor({ key, kind, id }: Leased) {
    super();
    this.key = key;
    this.kind = kind;
    this.id = id;
  }

  get typeName(): string {
    return this.kind.typeName;
  }
}
