import {
  type Entry,
  GONE,
  HandleLease,
  type LeaseDetails,
  RecordedLease,
  type StrictlyHeld,
} from "../cache/entry.ts";
import { HandleDisposedError, ResourceUnloadedError } from "../contract/errors.ts";
import type { Handle, WeakHandle } from "../contract/handle.ts";
import { type Caller, track, type Trackable, untrack } from "../leaks/nursery.ts";

/**
 * The handle. A class with prototype methods: an object literal with its own `[Symbol.dispose]`
 * costs thirty times as much. It counts nothing when made: whoever makes it has taken the reference.
 */
export class ResourceHandle<T> implements Handle<T>, Trackable {
  readonly #entry: Entry;
  /** `undefined`: nothing is known of it. `null`: it is disposed. */
  #lease: HandleLease | undefined | null;

  constructor(entry: Entry, lease: HandleLease | undefined, tracked: boolean) {
    this.#entry = entry;
    this.#lease = lease;
    if (tracked) track(this);
  }

  get value(): T {
    const value = this.#entry.value;
    if (this.#lease === null || value === GONE) refuse(this, this.#entry, "read the value of");
    return value as T;
  }

  get key(): string {
    return this.#entry.key;
  }

  get disposed(): boolean {
    return this.#lease === null;
  }

  get version(): number {
    return this.#entry.version;
  }

  clone(): Handle<T> {
    const entry = this.#entry;
    if (this.#lease === null) refuse(this, entry, "clone the handle of");
    entry.owner.assertUsable("clone the handle of", entry.key);
    if (entry.fate !== undefined) refuse(this, entry, "clone the handle of");
    entry.retain();
    const { clone } = ResourceHandle.prototype;
    const origin = this.#lease instanceof RecordedLease ? this.#lease.scope : undefined;
    return openHandle(entry, origin && { origin }, clone);
  }

  weak(): WeakHandle<T> {
    if (this.#lease === null) refuse(this, this.#entry, "make a weak handle of");
    return new WeakResourceHandle(this.#entry);
  }

  [Symbol.dispose](): void {
    const lease = this.#lease;
    if (lease === null) return;
    this.#lease = null;
    untrack(this);
    if (lease !== undefined) lease.close();
    const entry = this.#entry;
    if (--entry.count <= 0) entry.owner.lastReferenceGone(entry);
  }

  /** Part of {@linkcode Trackable}: asked when the nursery is emptied. */
  lease(): HandleLease | undefined {
    if (this.#lease === null) return undefined;
    return this.#lease ??= new HandleLease(this.#entry);
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { key, version, value, fate, typeName } = this.#entry;
    const state = this.#lease === null
      ? { disposed: true }
      : fate !== undefined
      ? { unloaded: fate }
      : { version, value };
    return `Handle<${typeName}> ${inspect({ key, ...state }, options)}`;
  }
}

/** Says why a handle is of no use. No private method: that would cost each handle a word, and time. */
function refuse(handle: Handle<unknown>, { key, fate }: Entry, action: string): never {
  if (handle.disposed) throw new HandleDisposedError(key, action);
  throw new ResourceUnloadedError(key, action, fate!);
}

/**
 * The handle of a strict manager, which knows whether somebody has taken it: `using`, a
 * `DisposableStack` and `keep` read `[Symbol.dispose]` when they do, and a plain `const` does not.
 */
class StrictHandle<T> extends ResourceHandle<T> implements StrictlyHeld {
  adopted = false;
  readonly record: RecordedLease;

  static {
    const { [Symbol.dispose]: dispose } = ResourceHandle.prototype;
    Object.defineProperty(StrictHandle.prototype, Symbol.dispose, {
      get(this: StrictHandle<unknown>) {
        this.adopted = true;
        return dispose;
      },
    });
  }

  constructor(entry: Entry, record: RecordedLease) {
    super(entry, record, entry.owner.detects);
    this.record = record;
  }
}

class WeakResourceHandle<T> implements WeakHandle<T> {
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  get key(): string {
    return this.#entry.key;
  }

  upgrade(): Handle<T> | undefined {
    const entry = this.#entry;
    if (entry.fate !== undefined) return undefined;
    entry.retain();
    return openHandle(entry, undefined, WeakResourceHandle.prototype.upgrade);
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { key, fate, typeName } = this.#entry;
    return `WeakHandle<${typeName}> ${inspect({ key, resident: fate === undefined }, options)}`;
  }
}

/**
 * Makes a handle for a reference that was counted; `caller` is the public method that was called.
 * If nobody holds it yet, whoever called has to take it: a strict manager looks whether anybody does.
 */
export function openHandle<T>(
  entry: Entry,
  known: Omit<LeaseDetails, "site"> | undefined,
  caller: Caller,
): Handle<T> {
  if (entry.owner.watchesAll) return openWatched(entry, known, caller);
  return handleOf(entry, known, entry.owner.detects);
}

/** The same where each handle has to be looked at. */
function openWatched<T>(
  entry: Entry,
  known: Omit<LeaseDetails, "site"> | undefined,
  caller: Caller,
): Handle<T> {
  const { owner } = entry;
  const site = owner.site(caller);
  const details = site === undefined ? known : { ...known, site };
  if (owner.strict === undefined || known?.holder !== undefined) {
    return handleOf(entry, details, owner.detects);
  }
  const handle = new StrictHandle<T>(entry, entry.record({ ...details }));
  owner.strict.add(handle);
  return handle;
}

/** Makes a handle of what is known of it, if that is anything. Untracked if another resource holds it. */
export function handleOf<T>(
  entry: Entry,
  known: LeaseDetails | undefined,
  tracked: boolean,
): Handle<T> {
  return new ResourceHandle<T>(entry, known && entry.record(known), tracked);
}
