import { type Entry, GONE } from "../cache/entry.ts";
import { HandleDisposedError, ResourceUnloadedError } from "../contract/errors.ts";
import type { Handle, WeakHandle } from "../contract/handle.ts";
import type { StrictlyHeld } from "../leaks/adoption.ts";
import type { Caller, CallSite } from "../leaks/call_sites.ts";
import { HandleLease, type LeaseDetails, type RecordedLease } from "../leaks/leases.ts";
import { track, type Trackable, untrack } from "../leaks/nursery.ts";
import type { Inspect } from "../report/inspect.ts";
import { OwnedLease, Owner } from "./owner.ts";

/**
 * The handle. A class with prototype methods, because an object literal with its own `[Symbol.dispose]`
 * costs thirty times as much. The constructor counts nothing: its caller has counted the reference.
 */
export class ResourceHandle<T> implements Handle<T>, Trackable {
  readonly #entry: Entry;
  /**
   * What stands for the open handle: an owner if a scope owns it, until a lease is recorded.
   * `undefined`: nothing is recorded about the handle. `null`: it is disposed.
   */
  #lease: HandleLease | RecordedLease | Owner | OwnedLease | undefined | null;

  constructor(entry: Entry, lease: RecordedLease | Owner | undefined, tracked: boolean) {
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
    entry.cache.assertUsable("clone the handle of", entry.key);
    if (entry.fate !== undefined) refuse(this, entry, "clone the handle of");
    entry.retain();
    const origin = this.#lease?.scope;
    return openHandle(entry, origin && { origin }, ResourceHandle.prototype.clone);
  }

  weak(): WeakHandle<T> {
    if (this.#lease === null) refuse(this, this.#entry, "make a weak handle of");
    return new WeakResourceHandle(this.#entry);
  }

  toJSON(): string {
    return this.#entry.key;
  }

  [Symbol.dispose](): void {
    const lease = this.#lease;
    if (lease === null) return;
    this.#lease = null;
    untrack(this);
    if (lease !== undefined) lease.close();
    const entry = this.#entry;
    if (--entry.count === 0 || entry.observed) entry.cache.released(entry);
  }

  /** Records a lease if a scope owns it. Returns `undefined` if no scope does, or if it is disposed. */
  recordOwner(site?: CallSite): RecordedLease | undefined {
    if (this.#lease instanceof Owner) {
      const record = this.#entry.record({ holder: this.#lease.scope, site });
      this.#lease = new OwnedLease(this.#lease, record);
    }
    return this.#lease instanceof OwnedLease ? this.#lease.record : undefined;
  }

  /** Part of {@linkcode Trackable}: called when the nursery is emptied. */
  lease(): HandleLease | RecordedLease | undefined {
    if (this.#lease === null) return undefined;
    return this.recordOwner() ?? (this.#lease ??= new HandleLease(this.#entry)) as HandleLease;
  }

  /** What `console.log` shows. */
  static show(handle: ResourceHandle<unknown>, inspect: Inspect): string {
    const { key, version, value, fate, typeName } = handle.#entry;
    const state = handle.#lease === null
      ? { disposed: true }
      : fate !== undefined
      ? { unloaded: fate }
      : { version, value };
    return `Handle<${typeName}> ${inspect({ key, ...state })}`;
  }
}

/** Throws why a handle can't be used. A private method would cost each handle a word, and time. */
function refuse(handle: Handle<unknown>, { key, fate }: Entry, action: string): never {
  if (handle.disposed) throw new HandleDisposedError(key, action);
  throw new ResourceUnloadedError(key, action, fate!);
}

/** The base of {@linkcode StrictHandle}, where TypeScript lets an accessor replace a method. */
const Base = ResourceHandle as unknown as new (
  ...args: ConstructorParameters<typeof ResourceHandle>
) => Omit<ResourceHandle<unknown>, typeof Symbol.dispose>;

/**
 * The handle of a strict manager. It knows whether it was adopted: `using`, a `DisposableStack` and
 * `keep` read `[Symbol.dispose]` when they take a handle, and a plain `const` does not.
 */
class StrictHandle extends Base implements StrictlyHeld {
  adopted = false;
  readonly record: RecordedLease;

  constructor(entry: Entry, record: RecordedLease) {
    super(entry, record, entry.cache.leaks.detect);
    this.record = record;
  }

  get [Symbol.dispose](): () => void {
    this.adopted = true;
    return ResourceHandle.prototype[Symbol.dispose];
  }
}

/** Refers to a resource without counting a reference. */
export class WeakResourceHandle<T> implements WeakHandle<T> {
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

  /** What `console.log` shows. */
  static show(handle: WeakResourceHandle<unknown>, inspect: Inspect): string {
    const { key, fate, typeName } = handle.#entry;
    return `WeakHandle<${typeName}> ${inspect({ key, resident: fate === undefined })}`;
  }
}

/**
 * Opens a handle for a reference that was counted. `caller` is the public method that was called.
 * Without a holder, the code that called it has to adopt the handle: a strict manager checks that.
 */
export function openHandle<T>(
  entry: Entry,
  known: Omit<LeaseDetails, "site"> | undefined,
  caller: Caller,
): Handle<T> {
  const { leaks } = entry.cache;
  if (!leaks.wantsSites) return handleOf(entry, known, leaks.detect);
  const site = leaks.site(caller, entry.key);
  const details = site === undefined ? known : { ...known, site };
  if (leaks.strict === undefined || known?.holder !== undefined) {
    return handleOf(entry, details, leaks.detect);
  }
  const handle = new StrictHandle(entry, entry.record({ ...details }));
  leaks.strict.add(handle);
  return handle as unknown as Handle<T>;
}

/** Opens a handle that a scope owns. `caller` is the public method that was called. */
export function openOwned<T>(entry: Entry, owner: Owner, caller: Caller): ResourceHandle<T> {
  const handle = new ResourceHandle<T>(entry, owner, false);
  const { leaks } = entry.cache;
  const site = leaks.wantsSites ? leaks.site(caller, entry.key) : undefined;
  if (site !== undefined) handle.recordOwner(site);
  return handle;
}

/** Opens a handle with what is known about it. It is not tracked if another resource holds it. */
export function handleOf<T>(
  entry: Entry,
  known: LeaseDetails | undefined,
  tracked: boolean,
): Handle<T> {
  return new ResourceHandle<T>(entry, known && entry.record(known), tracked);
}
