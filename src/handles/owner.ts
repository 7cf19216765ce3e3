import type { LeaseHolder, RecordedLease } from "../leaks/leases.ts";

/**
 * Owns the handles of a scope. It is their lease until leases are recorded, so each handle keeps the
 * owner alive, and with it the other handles.
 */
export abstract class Owner {
  /** The scope, for reports. */
  readonly scope: LeaseHolder;

  constructor(scope: LeaseHolder) {
    this.scope = scope;
  }

  /** Called when a handle without a recorded lease is disposed: there is no lease to close. */
  close(): void {}
}

/** The lease of a handle that has an owner and a recorded lease. */
export class OwnedLease {
  readonly owner: Owner;
  /** Must not reach the owner, because the registry of handles reaches this. */
  readonly record: RecordedLease;

  constructor(owner: Owner, record: RecordedLease) {
    this.owner = owner;
    this.record = record;
  }

  get scope(): LeaseHolder | undefined {
    return this.record.scope;
  }

  close(): void {
    this.record.close();
  }
}
