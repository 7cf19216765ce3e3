import { flatten } from "../contract/errors.ts";
import type { LeaseGroup, LeaseHolder, RecordedLease } from "../leaks/leases.ts";
import { track } from "../leaks/nursery.ts";
import { chainOf } from "./dispose_all.ts";
import { Owner } from "./owner.ts";
import { ResourceHandle } from "./resource_handle.ts";

/** How many items a scope holds before it first looks for those that it can forget. */
const FEW = 128;

/** Whether a value has nothing left to dispose, so that a scope can forget it. */
type IsOver = (value: unknown) => boolean;

/** A value or a callback that was passed to `use`, `adopt` or `defer`. */
export class Adopted implements Disposable {
  /** The value that was passed to `use`. */
  readonly value: unknown;
  readonly #dispose: () => void;

  constructor(value: unknown, dispose: () => void) {
    this.value = value;
    this.#dispose = dispose;
  }

  [Symbol.dispose](): void {
    this.#dispose.call(this.value);
  }
}

/** The native stack of a scope that was moved: it has what was added without the scope's methods. */
export class MovedStack implements Disposable {
  readonly #stack: DisposableStack;

  constructor(stack: DisposableStack) {
    this.#stack = stack;
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

/**
 * A mark in the list of a scope's items. The scope's native stack has an entry for it, which disposes
 * the items that were added after it. The first mark is not in the list: its entry disposes all items.
 */
export class Mark implements Disposable {
  readonly #holdings: Holdings;

  /** Whether it is in the list of items. */
  readonly #isAdded: boolean;

  constructor(holdings: Holdings, isAdded: boolean) {
    this.#holdings = holdings;
    this.#isAdded = isAdded;
  }

  /** Called by the native stack. */
  static reached(this: void, mark: Mark): void {
    const holdings = mark.#holdings;
    // After a move, the new scope disposes the items: its first mark is another.
    if (mark.#isAdded || mark === holdings.first) holdings.unwind(mark);
  }

  [Symbol.dispose](): void {}
}

/**
 * All items that a scope holds, the oldest first. It forgets items that were disposed early: it looks
 * for them whenever the list has doubled, so adding an item is O(1) on average.
 */
export class Holdings extends Owner implements LeaseGroup {
  /** Whether it is being disposed, or was. */
  over: boolean;
  /** The first mark of the scope that has these items now, after any moves. */
  first: Mark | undefined;
  #items: Disposable[] = [];
  /** How many items there are when it next looks for those that it can forget. */
  #limit = FEW;
  readonly #isOver: IsOver;
  /** The leases of the handles that it owns, once they are recorded. */
  #leases: RecordedLease[] | undefined;
  /** Each error that was thrown to the native stack, with the errors that it chains. */
  #thrown: Map<unknown, unknown[]> | undefined;

  constructor(isOver: IsOver, scope: LeaseHolder, over = false) {
    super(scope);
    this.#isOver = isOver;
    this.over = over;
  }

  add(item: Disposable): void {
    if (this.#items.push(item) === this.#limit) this.#forget();
  }

  /** Adds a handle that was opened for the scope. */
  own(handle: ResourceHandle<unknown>): void {
    this.add(handle);
    this.#leases?.push(handle.recordOwner()!);
  }

  /** Records a lease for each handle that it owns, also for later ones. O(items) the first time. */
  record(): readonly RecordedLease[] {
    return this.#leases ??= this.#handles().flatMap((handle) => handle.recordOwner() ?? []);
  }

  /** Called when the scope was collected but not all of its handles: tracks each of them on its own. */
  scatter(): void {
    for (const handle of this.#handles()) if (handle.recordOwner()) track(handle);
    this.#items = [];
  }

  #handles(): ResourceHandle<unknown>[] {
    return this.#items.filter((item) => item instanceof ResourceHandle);
  }

  #forget(): void {
    this.#items = this.#items.filter((item) =>
      !this.#isOver(item instanceof Adopted ? item.value : item)
    );
    this.#limit = Math.max(FEW, 2 * this.#items.length);
    if (this.#leases) keepOpen(this.#leases);
  }

  /** Creates a mark, for which the caller adds an entry to its native stack. */
  mark(isFirst: boolean): Mark {
    const mark = new Mark(this, !isFirst);
    if (isFirst) this.first = mark;
    else this.add(mark);
    return mark;
  }

  /** Disposes the items that were added after `mark`, the newest first, even if some throw. */
  unwind(mark: Mark): void {
    const items = this.#items;
    this.over = true;
    let errors: unknown[] | undefined;
    for (;;) {
      const item = items.pop();
      if (!item || item === mark) break;
      try {
        item[Symbol.dispose]();
      } catch (error) {
        errors = this.#collect(errors, item, error);
      }
    }
    if (errors) this.#throw(errors);
  }

  #collect(errors: unknown[] = [], item: Disposable, error: unknown): unknown[] {
    const thrown = item instanceof MovedStack ? this.#errorsOf(error) : [error];
    for (const each of thrown) errors.push(each);
    return errors;
  }

  #throw(errors: unknown[]): never {
    const error = chainOf(errors);
    (this.#thrown ??= new Map()).set(error, errors);
    throw error;
  }

  /**
   * Returns what a native stack threw as one chain. The stack chains what its entries throw, and
   * does not know that one entry disposes several items.
   */
  chain(error: unknown): unknown {
    return this.#thrown ? chainOf(this.#errorsOf(error)) : error;
  }

  /** Returns the errors that a native stack chained, in the order in which they were thrown. */
  #errorsOf(error: unknown): unknown[] {
    const thrown = this.#thrown;
    if (!thrown) return flatten(error);
    return flatten(error, (each) => thrown.has(each)).flatMap((each) => thrown.get(each) ?? [each]);
  }
}

/** Removes the leases of disposed handles. */
function keepOpen(leases: RecordedLease[]): void {
  let open = 0;
  for (const lease of leases) if (lease.resource !== undefined) leases[open++] = lease;
  leases.length = open;
}
