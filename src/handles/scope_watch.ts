import { GroupLease } from "../leaks/leases.ts";
import { track, type Trackable, untrack } from "../leaks/nursery.ts";
import { type Holdings, Mark } from "./holdings.ts";

/**
 * Stands for a scope in the nursery, and for all handles that it owns: one registration a scope. Only
 * the native stack of the scope reaches it, and no handle does. So it is collected when nobody can
 * dispose the scope any more, even while somebody uses one of the handles.
 */
export class ScopeWatch implements Trackable {
  disposed = false;
  readonly #held: Holdings;
  readonly #mark: Mark;
  readonly #detects: boolean;

  /** Watches over what `held` owns, or only knows it if nothing is to be detected. */
  constructor(held: Holdings, detects: boolean) {
    this.#held = held;
    this.#mark = held.mark(true);
    this.#detects = detects;
    track(this);
  }

  /** Called by the native stack: the scope ends. */
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

  /** The scope is disposed, or another one has got what it held. */
  end(): void {
    this.disposed = true;
    untrack(this);
  }
}
