import type { LeaseHolder, RecordedLease } from "../leaks/leases.ts";

/**
 * Owns the handles of a scope. It is their lease while nothing is on record of them: so each handle
 * keeps it alive, and with it the others.
 */
export abstract class Owner {
  /** The scope, for reports. */
  readonly scope: LeaseHolder;

  constructor(scope: LeaseHolder) {
    this.scope = scope;
  }

  /** A handle that is not on record was disposed. */
  close(): void {}
}

/** The lease of a handle that an owner has, and that is on record. */
export class OwnedLease {
  readonly owner: Owner;
  /** Must not reach the owner: the registry of handles has it. */
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
