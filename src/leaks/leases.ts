import { LinkedList } from "../contract/linked_list.ts";
import type { CallSite } from "./call_sites.ts";
import type { Lease } from "./nursery.ts";

/** What has a handle, for reports: a scope, or a resource with dependencies. */
export interface LeaseHolder {
  readonly label: string;
  /** It is a resource: the handles of its dependencies are never leaks. */
  readonly isResource?: boolean;
  /** The open handles that were cloned from a scope's, and that it does not own. */
  readonly clones?: Set<RecordedLease>;
}

/** What is known of a handle when it is opened. */
export interface LeaseDetails {
  readonly holder?: LeaseHolder | undefined;
  readonly site?: CallSite | undefined;
  /** The scope whose handle it was cloned from. */
  readonly origin?: LeaseHolder | undefined;
}

/** A resource, as far as this room knows it. */
export interface Leased {
  readonly key: string;
  /** Tells it from others of the same key. */
  readonly id: number;
  /** What its value was loaded as. */
  readonly typeName: string;
  readonly kind: LeaseKind;
  /** How many bytes its handles keep resident. */
  readonly heldBytes: number;
  /** Lets its next load be looked at. */
  divert(): void;
  /** How many handles are open. */
  readonly handles: number;
  /** How many references `acquire` took. */
  readonly manual: number;
  /** The open handles of which more is known than their number. */
  readonly leases: LeaseList | undefined;
}

/** All resources of one manager that go by one type. */
export interface LeaseKind {
  /** What their values were loaded as. */
  readonly typeName: string;
  /** A handle was collected without being disposed; `record` is what was known of it. */
  leaked(resource: LeasedResource, record?: RecordedLease): void;
}

/**
 * Stands for a resource without reaching it. The registry of handles reaches this for as long as a
 * handle is open, and a value may reach its own handle, which would then never be collected.
 */
export interface LeasedResource {
  readonly key: string;
  readonly id: number;
  /** What its value was loaded as. */
  readonly typeName: string;
}

/** The id in the lease of a handle that is disposed. */
const CLOSED = -1;

/** Stands for one open handle of which nothing is known. There may be a million of it. */
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

/** The lease of a handle of which something is known. It is in its resource's list while it is open. */
export class RecordedLease implements Lease {
  /** `undefined` once the handle is disposed, or collected. */
  resource: LeaseList | undefined;
  readonly holder: LeaseHolder | undefined;
  readonly site: CallSite | undefined;
  /** The scope that owns the handle, or whose handle it was cloned from. */
  readonly scope: LeaseHolder | undefined;
  /** It was reported as a leak, in whichever way. */
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

/** The handles of a scope. Each of them reaches all of them. */
export interface LeaseGroup {
  /** Lets each of its handles be collected, and be missed, on its own. */
  scatter(): void;
}

/** Stands for a scope, and for all handles that it owns. */
export class GroupLease implements Lease {
  readonly #leases: readonly RecordedLease[];
  readonly #group: WeakRef<LeaseGroup>;

  constructor(leases: readonly RecordedLease[], group: LeaseGroup) {
    this.#leases = leases;
    this.#group = new WeakRef(group);
  }

  collected(): void {
    const group = this.#group.deref();
    // While somebody uses one of its handles, the others are forgotten, but that one is not.
    if (group !== undefined) group.scatter();
    else for (const lease of this.#leases) lease.collected();
  }
}

/** The recorded leases of one resource, the oldest first. Stands for the resource to all of them. */
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
