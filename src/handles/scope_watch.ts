import { GroupLease } from "../leaks/leases.ts";
import { track, type Trackable, untrack } from "../leaks/nursery.ts";
import { type Holdings, Mark } from "./holdings.ts";

/**
 * Represents a scope and all handles that it owns in the nursery, so that a scope costs one
 * registration. Only the scope's native stack reaches it; no handle does. So it is collected when
 * nobody can dispose the scope any more, even while one of the handles is in use.
 */
export class ScopeWatch implements Trackable {
  disposed = false;
  readonly #held: Holdings;
  readonly #mark: Mark;
  readonly #detects: boolean;

  /** Watches the handles that `held` owns. If it doesn't detect leaks, it only records them. */
  constructor(held: Holdings, detects: boolean) {
    this.#held = held;
    this.#mark = held.mark(true);
    this.#detects = detects;
    track(this);
  }

  /** Called by the native stack when the scope ends. */
  static reached(this: void, watch: ScopeWatch): void {
    try {
      Mark.reached(watch.#mark);
    } finally {
      watch.end();
    }
  }

  lease(): GroupLease | undefined {
    if (this.disposed) return undefined;
    const leases = this.#held.record();
    return this.#detects ? new GroupLease(leases, this.#held) : undefined;
  }

  recordHandles(): void {
    this.#held.record();
  }

  /** Called when the scope is disposed, or when another one takes over what it held. */
  end(): void {
    this.disposed = true;
    untrack(this);
  }
}
