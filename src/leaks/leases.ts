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
  readonly site?: string | undefined;
  /** The scope whose handle it was cloned from. */
  readonly origin?: LeaseHolder | undefined;
}

/** A resource, as far as this room knows it. */
export interface Leased {
  readonly key: string;
  /** What its value was loaded as. */
  readonly typeName: string;
  /** How many handles are open. */
  readonly handles: number;
  /** How many references `acquire` took. */
  readonly manual: number;
  /** The open handles of which more is known than their number. */
  readonly leases: LeaseList | undefined;
  /** A handle was collected without being disposed. */
  leaked(lease: HandleLease): void;
}

/** Stands for one open handle without reaching it. There may be a million of it. */
export class HandleLease implements Lease {
  /** `undefined` once the handle is disposed, or its leak was reported. */
  resource: Leased | undefined;

  constructor(resource: Leased) {
    this.resource = resource;
  }

  close(): void {
    this.resource = undefined;
  }

  /** Called by the nursery's registry when the handle was collected, disposed or not. */
  collected(): void {
    const { resource } = this;
    if (resource === undefined) return;
    this.close();
    resource.leaked(this);
  }
}

/** The lease of a handle of which something is known. It is in its resource's list while it is open. */
export class RecordedLease extends HandleLease {
  readonly holder: LeaseHolder | undefined;
  readonly site: string | undefined;
  /** The scope that owns the handle, or whose handle it was cloned from. */
  readonly scope: LeaseHolder | undefined;
  /** Strict mode has reported it already. */
  reported = false;
  previous: RecordedLease | undefined;
  next: RecordedLease | undefined;

  constructor(resource: Leased, { holder, site, origin }: LeaseDetails) {
    super(resource);
    this.holder = holder;
    this.site = site;
    this.scope = holder?.isResource ? undefined : holder ?? origin;
    if (holder === undefined) origin?.clones?.add(this);
  }

  override close(): void {
    this.resource?.leases?.delete(this);
    this.resource = undefined;
    if (this.scope !== this.holder) this.scope?.clones?.delete(this);
  }
}

/** The recorded leases of one resource, the oldest first. A linked list: each operation is O(1). */
export class LeaseList {
  #first: RecordedLease | undefined;
  #last: RecordedLease | undefined;

  add(lease: RecordedLease): void {
    lease.previous = this.#last;
    if (this.#last === undefined) this.#first = lease;
    else this.#last.next = lease;
    this.#last = lease;
  }

  delete(lease: RecordedLease): void {
    const { previous, next } = lease;
    if (previous !== undefined) previous.next = next;
    else if (this.#first === lease) this.#first = next;
    if (next !== undefined) next.previous = previous;
    else if (this.#last === lease) this.#last = previous;
    lease.previous = lease.next = undefined;
  }

  *[Symbol.iterator](): Generator<RecordedLease> {
    for (let lease = this.#first; lease !== undefined; lease = lease.next) yield lease;
  }
}
