import type { UnloadReason } from "../contract/events.ts";
import type { IdleNode } from "./idle_list.ts";
import type { Caller, Lease } from "../leaks/nursery.ts";
import type { ResourceType } from "../contract/loader.ts";
import type { Holder } from "../report/stats.ts";
import type { Adoptable, StrictWatch } from "../leaks/strict_watch.ts";
import { assertType, nameOfType } from "../names/resource_type.ts";

/** In place of the value of an entry that was unloaded, so that nothing keeps a payload alive. */
export const GONE: unique symbol = Symbol("gone");

/** What is taken off the count of an entry that is observed: more than anybody holds of it. */
const OBSERVED = 2 ** 29;

/** How many types an entry remembers that its value was checked against. */
const MAX_TYPES = 32;

/** Whoever a handle belongs to, for reports: a scope, or a resource that depends on this one. */
export interface Owner {
  readonly label: string;
  /** It is a resource: what it holds is never a leak. */
  readonly isResource?: boolean;
  /** The open handles that were cloned from a scope's, and that it does not own. */
  readonly clones?: Set<RecordedLease>;
}

/** What is known of a handle when it is made. */
export interface LeaseDetails {
  readonly holder?: Owner | undefined;
  readonly site?: string | undefined;
  /** The scope whose handle it was cloned from. */
  readonly origin?: Owner | undefined;
}

/** Knows how a value is unloaded: a loader, or the options of `add`. */
export interface Unloader {
  readonly unload?: ((value: unknown) => void | Promise<void>) | undefined;
}

/** The dependencies of all that have none. */
const NONE: readonly string[] = [];

/** What a load makes, and a reload swaps. */
export interface Content {
  value: unknown;
  bytes: number;
  readonly unloader: Unloader;
  /** What the loader left in its context, dependencies included. */
  readonly context?: DisposableStack | undefined;
  /** The keys that the loader loaded, if it loaded any. */
  readonly dependencies?: Iterable<string> | undefined;
}

/** Unloads what was given in, not loaded, and so can't be reloaded. */
export class AddedUnloader implements Unloader {
  readonly unload: ((value: unknown) => void | Promise<void>) | undefined;

  constructor(unload: ((value: unknown) => void | Promise<void>) | undefined) {
    this.unload = unload;
  }
}

/** A handle that somebody has to take. */
export interface StrictlyHeld extends Adoptable {
  readonly record: RecordedLease;
}

/** What an entry tells the cache that it is in. */
export interface EntryOwner {
  /** No reference is left, or one less of an observed entry. Throws what unloading throws. */
  lastReferenceGone(entry: Entry): void;
  /** An idle entry has a reference again, or an observed one has one more. */
  becameLive(entry: Entry): void;
  /** A handle was collected without being disposed. */
  leaked(entry: Entry, lease: HandleLease): void;
  /** Throws unless more references may be taken. */
  assertUsable(action: string, name?: string): void;
  /** Whether there is more to do for a new handle than to make it. */
  readonly watchesAll: boolean;
  /** The call site that a new handle is to remember, if any. */
  site(caller: Caller): string | undefined;
  /** Whether handles are watched. */
  readonly detects: boolean;
  /** Looks for handles that nobody takes, in a strict manager. */
  readonly strict: StrictWatch<StrictlyHeld> | undefined;
}

/** What few entries have, so that the many others stay small. */
class Rarities {
  manual = 0;
  version = 1;
  pinned = 0;
  spellings: string[] | undefined = undefined;
  types: ResourceType<unknown>[] | undefined = undefined;
  context: DisposableStack | undefined = undefined;
  dependencies: readonly string[] = NONE;
  firstLease: RecordedLease | undefined = undefined;
  lastLease: RecordedLease | undefined = undefined;
}

/**
 * One resident resource: its value and its counts. It never holds its handles, or no leaked one
 * would ever be collected. There may be a million of it: a field more costs each 8 bytes.
 */
export class Entry implements IdleNode<Entry> {
  readonly key: string;
  readonly owner: EntryOwner;
  /** Grows from entry to entry, so that an operation can tell what came after it began. */
  readonly id: number;
  value: unknown;
  /** The type that the value was checked against last: what a warm load compares. */
  type: ResourceType<unknown>;
  /**
   * The reference count, less {@linkcode OBSERVED} while somebody observes it. So whoever counts up
   * from, or down to, 0 or less tells the owner, and that costs nothing when nobody observes.
   */
  count = 1;
  bytes: number;
  /** When it last went idle: milliseconds since the manager was made. */
  lastUsed = 0;
  older: Entry | null = null;
  newer: Entry | null = null;
  /** Why it was unloaded; `undefined` while it is resident. */
  fate: UnloadReason | undefined = undefined;
  #unloader: Unloader;
  #rare: Rarities | undefined = undefined;

  /** Starts with one reference, which belongs to whoever loads it. */
  constructor(
    key: string,
    content: Content,
    type: ResourceType<unknown>,
    where: { owner: EntryOwner; id: number },
  ) {
    this.key = key;
    this.owner = where.owner;
    this.id = where.id;
    this.value = content.value;
    this.type = type;
    this.bytes = content.bytes;
    this.#unloader = content.unloader;
    this.#adopt(content);
  }

  /** What its value was loaded as, for messages. */
  get typeName(): string {
    return nameOfType(this.#rare?.types?.[0] ?? this.type);
  }

  /** The loader that made its value, if one did. */
  get loaderName(): string | undefined {
    return (this.#unloader as { name?: string }).name;
  }

  /** References that `acquire` took. */
  get manual(): number {
    return this.#rare?.manual ?? 0;
  }

  set manual(count: number) {
    if (count !== this.manual) this.#rarities.manual = count;
  }

  /** Open handles and manual references. */
  get refs(): number {
    return this.count < 0 ? this.count + OBSERVED : this.count;
  }

  get handles(): number {
    return this.refs - this.manual;
  }

  /** 1, and one more for each reload. */
  get version(): number {
    return this.#rare?.version ?? 1;
  }

  /** How many reloads of it are under way: what is loaded for those must not evict it. */
  get pinned(): number {
    return this.#rare?.pinned ?? 0;
  }

  set pinned(count: number) {
    this.#rarities.pinned = count;
  }

  /** The names beside its key that lead to it without being normalised again. */
  get spellings(): readonly string[] {
    return this.#rare?.spellings ?? NONE;
  }

  set spellings(names: string[]) {
    this.#rarities.spellings = names;
  }

  get dependencies(): readonly string[] {
    return this.#rare?.dependencies ?? NONE;
  }

  get added(): boolean {
    return this.#unloader instanceof AddedUnloader;
  }

  /** Every type that users hold its value as. */
  get types(): readonly ResourceType<unknown>[] {
    return this.#rare?.types ?? [this.type];
  }

  get #rarities(): Rarities {
    return this.#rare ??= new Rarities();
  }

  /** Notes what comes with its content, if anything does. */
  #adopt({ context, dependencies }: Content): void {
    if (context === undefined && dependencies === undefined && this.#rare === undefined) return;
    const rare = this.#rarities;
    rare.context = context;
    rare.dependencies = dependencies === undefined ? NONE : [...dependencies];
  }

  retain(): void {
    if (this.count++ <= 0) this.owner.becameLive(this);
  }

  release(): void {
    if (--this.count <= 0) this.owner.lastReferenceGone(this);
  }

  /** It is resident no more, and nobody can give back any more what `acquire` took. */
  settle(reason: UnloadReason): void {
    this.fate = reason;
    this.count -= this.manual;
    this.manual = 0;
  }

  /** Lets the owner know of every reference that is taken or given back, or of those that matter. */
  observe(observed: boolean): void {
    if (observed !== this.count < 0) this.count += observed ? -OBSERVED : OBSERVED;
  }

  /** Checks the value against `type`, once. Throws {@linkcode ResourceTypeError}. */
  accept(type: ResourceType<unknown>): void {
    if (type === this.type) return;
    const types = this.#rarities.types ??= [this.type];
    if (!types.includes(type)) {
      assertType(this.key, this.value, type);
      if (types.length < MAX_TYPES) types.push(type);
    }
    this.type = type;
  }

  /** Puts new content in place of the old, which it returns. */
  swap(content: Content): Content {
    const old = this.#content();
    this.value = content.value;
    this.bytes = content.bytes;
    this.#unloader = content.unloader;
    this.#adopt(content);
    this.#rarities.version++;
    return old;
  }

  /** Takes the content out for good. */
  empty(): Content {
    const content = this.#content();
    this.value = GONE;
    if (this.#rare !== undefined) this.#rare.context = undefined;
    return content;
  }

  #content(): Content {
    const { value, bytes } = this;
    return { value, bytes, unloader: this.#unloader, context: this.#rare?.context };
  }

  /** Records an open handle. */
  record(details: LeaseDetails): RecordedLease {
    const lease = new RecordedLease(this, details);
    const rare = this.#rarities;
    const last = rare.lastLease;
    lease.previous = last;
    if (last === undefined) rare.firstLease = lease;
    else last.next = lease;
    return rare.lastLease = lease;
  }

  /** Takes a lease off the record. */
  forget(lease: RecordedLease): void {
    const rare = this.#rarities;
    const { previous, next } = lease;
    if (previous !== undefined) previous.next = next;
    else if (rare.firstLease === lease) rare.firstLease = next;
    if (next !== undefined) next.previous = previous;
    else if (rare.lastLease === lease) rare.lastLease = previous;
    lease.previous = lease.next = undefined;
  }

  /** The open handles of which something is known beyond their number, the oldest first. */
  *leases(): Generator<RecordedLease> {
    for (let lease = this.#rare?.firstLease; lease !== undefined; lease = lease.next) yield lease;
  }

  /** Whether there is more to say of its holders than how many references they have. */
  get knowsHolders(): boolean {
    return this.#rare?.firstLease !== undefined;
  }

  /** Who references it. O(handles of scopes and dependents, and handles with a site). */
  holders(): Holder[] {
    const stacks: string[] = [];
    const rest: Holder = { handles: this.handles, manual: this.manual, stacks };
    const owned = new Map<Owner, Holder & { stacks: string[] }>();
    for (const { holder, site } of this.leases()) {
      if (holder === undefined) {
        if (site !== undefined) stacks.push(site);
        continue;
      }
      let known = owned.get(holder);
      if (known === undefined) {
        known = { handles: 0, manual: 0, stacks: [] };
        if (holder.label !== "") known.label = holder.label;
        owned.set(holder, known);
      }
      known.handles++;
      rest.handles--;
      if (site !== undefined) known.stacks.push(site);
    }
    return rest.handles + rest.manual > 0 ? [...owned.values(), rest] : [...owned.values()];
  }
}

/** Stands for one open handle without reaching it. There may be a million of it. */
export class HandleLease implements Lease {
  /** `undefined` once the handle is disposed, or its leak was dealt with. */
  entry: Entry | undefined;

  constructor(entry: Entry) {
    this.entry = entry;
  }

  close(): void {
    this.entry = undefined;
  }

  /** Called by the leak detector when the handle was collected, disposed or not. */
  collected(): void {
    const { entry } = this;
    if (entry === undefined) return;
    this.close();
    entry.owner.leaked(entry, this);
  }
}

/** The lease of a handle of which something is known. It is on the record of its entry while it is open. */
export class RecordedLease extends HandleLease {
  readonly holder: Owner | undefined;
  readonly site: string | undefined;
  /** The scope that owns the handle, or whose handle it was cloned from. */
  readonly scope: Owner | undefined;
  /** Strict mode has told of it already. */
  reported = false;
  previous: RecordedLease | undefined = undefined;
  next: RecordedLease | undefined = undefined;

  constructor(entry: Entry, { holder, site, origin }: LeaseDetails) {
    super(entry);
    this.holder = holder;
    this.site = site;
    this.scope = holder?.isResource ? undefined : holder ?? origin;
    if (holder === undefined) origin?.clones?.add(this);
  }

  override close(): void {
    this.entry?.forget(this);
    this.entry = undefined;
    if (this.scope !== this.holder) this.scope?.clones?.delete(this);
  }
}

/**
 * Unloads a value in the way its unloader knows, else by its own `[Symbol.dispose]` or
 * `[Symbol.asyncDispose]`. Returns what a promised unloading promises.
 */
export function unloadValue(unloader: Unloader, value: unknown): unknown {
  if (unloader.unload !== undefined) return unloader.unload(value);
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  const { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: asyncDispose } = value as
    & Partial<Disposable>
    & Partial<AsyncDisposable>;
  if (typeof dispose === "function") return void dispose.call(value);
  if (typeof asyncDispose === "function") return asyncDispose.call(value);
  return undefined;
}
