import type { UnloadReason } from "./events.ts";
import type { IdleNode } from "./_idle_list.ts";
import type { Caller, Lease } from "./_leak_detector.ts";
import type { ResourceType } from "./loader.ts";
import type { Holder } from "./stats.ts";
import { assertType, nameOfType } from "./_resource_type.ts";

/** In place of the value of an entry that was unloaded, so that nothing keeps a payload alive. */
export const GONE: unique symbol = Symbol("gone");

/** How many types an entry remembers that its value was checked against. */
const MAX_TYPES = 32;

/** Whoever a handle belongs to, for reports: a scope, or a resource that depends on this one. */
export interface Owner {
  readonly label: string;
  /** It is a resource: what it holds is never a leak. */
  readonly isResource?: boolean;
}

/** Knows how a value is unloaded: a loader, or the options of `add`. */
export interface Unloader {
  unload?(value: unknown): void | Promise<void>;
}

/** What a load makes, and a reload swaps. */
export interface Content {
  value: unknown;
  bytes: number;
  readonly unloader: Unloader;
  /** What the loader left in its context, dependencies included. */
  readonly context?: DisposableStack;
  /** The keys that the loader loaded. */
  readonly dependencies: readonly string[];
  /** It was given in, not loaded, and so can't be reloaded. */
  readonly added?: boolean;
}

/** What an entry tells the cache that it is in. */
export interface EntryOwner {
  /** No reference is left. Throws what unloading throws. */
  lastReferenceGone(entry: Entry): void;
  /** An idle entry has a reference again. */
  becameLive(entry: Entry): void;
  /** A handle was collected without being disposed. */
  leaked(entry: Entry, lease: HandleLease): void;
  /** Throws unless more references may be taken. */
  assertUsable(action: string): void;
  /** The call site that a new handle is to remember, if any. */
  site(caller: Caller): string | undefined;
  /** Whether handles are watched. */
  readonly detects: boolean;
}

/**
 * One resident resource: its value and its counts. It never holds its handles, or no leaked one
 * would ever be collected.
 */
export class Entry implements IdleNode<Entry> {
  readonly key: string;
  readonly owner: EntryOwner;
  /** Grows from entry to entry, so that an operation can tell what came after it began. */
  readonly id: number;
  value: unknown;
  /** The type that the value was checked against last: what a warm load compares. */
  type: ResourceType<unknown>;
  /** Open handles and manual references. */
  refs = 1;
  /** References that `acquire` took. */
  manual = 0;
  bytes: number;
  version = 1;
  /** When it last went idle: milliseconds since the manager was made. */
  lastUsed = 0;
  older: Entry | null = null;
  newer: Entry | null = null;
  /** How many reloads of it are under way: what is loaded for those must not evict it. */
  pinned = 0;
  /** Why it was unloaded; `undefined` while it is resident. */
  fate: UnloadReason | undefined = undefined;
  /** The names, its key too once it was used, that lead to it without being normalised again. */
  spellings: string[] | undefined = undefined;
  #content: Content;
  #otherTypes: ResourceType<unknown>[] | undefined = undefined;
  #firstLease: HandleLease | undefined = undefined;
  #lastLease: HandleLease | undefined = undefined;

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
    this.#content = content;
  }

  /** What its value was loaded as, for messages. */
  get typeName(): string {
    return nameOfType(this.#otherTypes?.[0] ?? this.type);
  }

  get handles(): number {
    return this.refs - this.manual;
  }

  get dependencies(): readonly string[] {
    return this.#content.dependencies;
  }

  get added(): boolean {
    return this.#content.added === true;
  }

  /** Every type that users hold its value as. */
  get types(): readonly ResourceType<unknown>[] {
    return this.#otherTypes ?? [this.type];
  }

  retain(): void {
    if (this.refs++ === 0) this.owner.becameLive(this);
  }

  release(): void {
    if (--this.refs === 0) this.owner.lastReferenceGone(this);
  }

  /** Checks the value against `type`, once. Throws {@linkcode ResourceTypeError}. */
  accept(type: ResourceType<unknown>): void {
    if (type === this.type) return;
    const types = this.#otherTypes ??= [this.type];
    if (!types.includes(type)) {
      assertType(this.key, this.value, type);
      if (types.length < MAX_TYPES) types.push(type);
    }
    this.type = type;
  }

  /** Puts new content in place of the old, which it returns. */
  swap(content: Content): Content {
    const old = this.#content;
    this.#content = content;
    this.value = content.value;
    this.bytes = content.bytes;
    this.version++;
    return old;
  }

  /** Takes the content out for good. */
  empty(): Content {
    const content = this.#content;
    this.value = GONE;
    this.#content = { value: GONE, bytes: 0, unloader: {}, dependencies: content.dependencies };
    return content;
  }

  /** Records an open handle, if there is anything to say of it. */
  lease(holder: Owner | undefined, site: string | undefined): HandleLease | undefined {
    if (holder === undefined && site === undefined) return undefined;
    const lease = new HandleLease(this, holder, site);
    const last = this.#lastLease;
    lease.previous = last;
    if (last === undefined) this.#firstLease = lease;
    else last.next = lease;
    return this.#lastLease = lease;
  }

  /** Takes a lease off the record. One that says nothing of its handle was never on it. */
  forget(lease: HandleLease): void {
    const { previous, next } = lease;
    if (previous !== undefined) previous.next = next;
    else if (this.#firstLease === lease) this.#firstLease = next;
    if (next !== undefined) next.previous = previous;
    else if (this.#lastLease === lease) this.#lastLease = previous;
    lease.previous = lease.next = undefined;
  }

  /** The open handles of which something is known beyond their number, the oldest first. */
  *leases(): Generator<HandleLease> {
    for (let lease = this.#firstLease; lease !== undefined; lease = lease.next) yield lease;
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

/** What is known of one open handle without reaching it. */
export class HandleLease implements Lease {
  readonly entry: Entry;
  readonly holder: Owner | undefined;
  readonly site: string | undefined;
  closed = false;
  previous: HandleLease | undefined = undefined;
  next: HandleLease | undefined = undefined;

  constructor(entry: Entry, holder?: Owner, site?: string) {
    this.entry = entry;
    this.holder = holder;
    this.site = site;
  }

  /** The handle was disposed, or its leak was dealt with. */
  close(): void {
    this.closed = true;
    this.entry.forget(this);
  }

  leaked(): void {
    this.close();
    this.entry.owner.leaked(this.entry, this);
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
