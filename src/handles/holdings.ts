import { flatten } from "../contract/errors.ts";
import type { LeaseGroup, LeaseHolder, RecordedLease } from "../leaks/leases.ts";
import { track } from "../leaks/nursery.ts";
import { chainOf } from "./dispose_all.ts";
import { Owner } from "./owner.ts";
import { ResourceHandle } from "./resource_handle.ts";

/** How many things there are before a scope looks for the first time which of them it may forget. */
const FEW = 128;

/** Whether nothing of a value is left to dispose, so that it may be forgotten. */
export type IsOver = (value: unknown) => boolean;

/** What was given to `use`, `adopt` or `defer`. */
export class Adopted implements Disposable {
  /** What was given to `use`. */
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

/** The native stack of a scope that was moved: calls that went round the scope's methods are there. */
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
 * A mark among what a scope holds. The scope's native stack has an entry for it, which disposes what
 * was added after it. The first mark of a scope is not among them: its entry disposes everything.
 */
export class Mark implements Disposable {
  readonly #holdings: Holdings;

  /** Whether it is among what is held. */
  readonly #isAdded: boolean;

  constructor(holdings: Holdings, isAdded: boolean) {
    this.#holdings = holdings;
    this.#isAdded = isAdded;
  }

  /** Called by the native stack. */
  static reached(this: void, mark: Mark): void {
    const holdings = mark.#holdings;
    // What a scope had that was moved, the scope disposes that it was moved to.
    if (mark.#isAdded || mark === holdings.first) holdings.unwind(mark);
  }

  [Symbol.dispose](): void {}
}

/**
 * All that a scope holds, the oldest first. What was given back early is forgotten: it looks through
 * all of it whenever that has doubled, so to add is O(1) on average.
 */
export class Holdings extends Owner implements LeaseGroup {
  /** It is being disposed, or was. */
  over: boolean;
  /** The first mark of the scope that holds this now, and of none that it was moved from. */
  first: Mark | undefined;
  #items: Disposable[] = [];
  #limit = FEW;
  readonly #isOver: IsOver;
  /** The leases of the handles that it owns, once they are on record. */
  #leases: RecordedLease[] | undefined;
  /** What was thrown to the native stack, and the errors of which that consists. */
  #thrown: Map<unknown, unknown[]> | undefined;

  constructor(isOver: IsOver, scope: LeaseHolder, over = false) {
    super(scope);
    this.#isOver = isOver;
    this.over = over;
  }

  /** How many things it knows, those included that it has not forgotten yet. */
  get length(): number {
    return this.#items.length;
  }

  add(item: Disposable): void {
    if (this.#items.push(item) === this.#limit) this.#forget();
  }

  /** Adds a handle that was opened for it. */
  own(handle: ResourceHandle<unknown>): void {
    this.add(handle);
    this.#leases?.push(handle.recordOwner()!);
  }

  /** Puts the handles on record that it owns, those included that come. O(things) the first time. */
  record(): readonly RecordedLease[] {
    return this.#leases ??= this.#handles().flatMap((handle) => handle.recordOwner() ?? []);
  }

  /** The scope was forgotten, and not each of its handles: each is watched over by itself from here on. */
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

  /** Adds a mark, which the caller adds to its native stack. */
  mark(isFirst: boolean): Mark {
    const mark = new Mark(this, !isFirst);
    if (isFirst) this.first = mark;
    else this.add(mark);
    return mark;
  }

  /** Disposes what was added after `mark`, the newest first, even if some throw. */
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
        errors = this.#add(errors, item, error);
      }
    }
    if (errors) this.#throw(errors);
  }

  #add(errors: unknown[] = [], item: Disposable, error: unknown): unknown[] {
    if (item instanceof MovedStack) { for (const each of this.#errorsOf(error)) errors.push(each); }
    else errors.push(error);
    return errors;
  }

  #throw(errors: unknown[]): never {
    const error = chainOf(errors);
    (this.#thrown ??= new Map()).set(error, errors);
    throw error;
  }

  /**
   * What a native stack threw, as one chain. It chains what its entries throw, and does not know that
   * one of them disposes several things.
   */
  chain(error: unknown): unknown {
    return this.#thrown ? chainOf(this.#errorsOf(error)) : error;
  }

  /** The errors of which a native stack's consists, in the order in which they were thrown. */
  #errorsOf(error: unknown): unknown[] {
    const thrown = this.#thrown;
    if (!thrown) return flatten(error);
    return flatten(error, (each) => thrown.has(each)).flatMap((each) => thrown.get(each) ?? [each]);
  }
}

/** Takes out the leases of handles that are disposed. */
function keepOpen(leases: RecordedLease[]): void {
  let open = 0;
  for (const lease of leases) if (lease.resource !== undefined) leases[open++] = lease;
  leases.length = open;
}
