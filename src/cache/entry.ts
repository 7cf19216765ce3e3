import { isObject } from "../contract/is_object.ts";
import type { UnloadReason } from "../contract/events.ts";
import type { ResourceType } from "../contract/loader.ts";
import {
  type Leased,
  type LeaseDetails,
  type LeaseHolder,
  type LeaseKind,
  LeaseList,
  RecordedLease,
} from "../leaks/leases.ts";
import { type AskedType, assertType, nameOfType, Unchecked } from "../names/resource_type.ts";
import type { Cache } from "./cache.ts";
import type { IdleNode } from "./idle_list.ts";
import type { Ask } from "./observers.ts";

/** In place of the value of an entry that was unloaded, so that nothing keeps a payload alive. */
export const GONE: unique symbol = /* @__PURE__ */ Symbol("gone");

/** The type of an entry that no warm load may take: it is no value's. */
export const NOTHING: ResourceType<unknown> = /* @__PURE__ */ Object.freeze({
  name: "nothing",
  prototype: {},
});

/** How many types an entry remembers that its value was checked against. */
const MAX_TYPES = 32;

/** The dependencies and the spellings of an entry that has none. */
const NONE: readonly string[] = [];

/** Knows how a value is unloaded: a loader, or the options of `add`. */
export interface Unloader {
  readonly unload?: ((value: unknown) => void | Promise<void>) | undefined;
}

/** What a load makes, and a reload swaps. */
export interface Content {
  value: unknown;
  bytes: number;
  readonly unloader: Unloader;
  /** What the loader left in its context, dependencies included. */
  context?: DisposableStack | undefined;
  /** The keys that the loader loaded, if it loaded any. */
  dependencies?: ReadonlySet<string> | readonly string[] | undefined;
  /** When its read began: ticks of the cache. */
  readonly read?: number;
  /** From when until when its loader has run, and so may have taken values of dependencies. */
  began?: number;
  made?: number;
  /** The source has changed since the read began. */
  readonly stale?: boolean;
  /** The value is an old one that was changed in place: what has it unloads it, and not this. */
  readonly isUpdated?: boolean;
  /** What holds the handles of the dependencies. */
  holder?: LeaseHolder | undefined;
  /** Whether the loader has put more than dependencies into its context. */
  ownsMore?: boolean | undefined;
}

/** Unloads a value that was added, not loaded, and so can't be reloaded. */
export class AddedUnloader implements Unloader {
  readonly unload: ((value: unknown) => void | Promise<void>) | undefined;

  constructor(unload: ((value: unknown) => void | Promise<void>) | undefined) {
    this.unload = unload;
  }
}

/** What few entries have, so that the many others stay small. */
class Rarities {
  manual = 0;
  version = 1;
  swapped = 0;
  read = 0;
  began = 0;
  made = 0;
  pinned = 0;
  spellings: readonly string[] = NONE;
  types: ResourceType<unknown>[] | undefined;
  context: DisposableStack | undefined;
  dependencies: readonly string[] = NONE;
  holder: LeaseHolder | undefined;
}

/** What nearly all entries have of these. Never changed. */
const COMMON: Rarities = /* @__PURE__ */ new Rarities();

/**
 * One resident resource: its value and its counts. It never holds its handles, or no leaked one
 * would ever be collected. There may be a million entries: each field costs 8 bytes in all of them.
 */
export class Entry implements IdleNode<Entry>, Leased {
  readonly key: string;
  readonly cache: Cache;
  value: unknown;
  /** The type that the value was checked against last: a warm load compares it. */
  type: ResourceType<unknown>;
  /** The reference count: open handles and manual references. Starts with the caller's. */
  count = 1;
  /** Whether an observer wants to know of each change of the count, and not only of 0 and 1. */
  observed = false;
  bytes: number;
  /** When it last went idle: milliseconds since the manager was made. */
  lastUsed = 0;
  older: Entry | null = null;
  newer: Entry | null = null;
  /** Why it was unloaded; `undefined` while it is resident. */
  fate: UnloadReason | undefined;
  /** Its id, or its leases once it has had one, which have its id: most entries need no list. */
  #idOrLeases: number | LeaseList;
  #unloader: Unloader;
  #rare: Rarities = COMMON;

  constructor(
    key: string,
    content: Content,
    type: AskedType,
    where: { cache: Cache; id: number },
  ) {
    this.key = key;
    this.cache = where.cache;
    this.#idOrLeases = where.id;
    this.value = content.value;
    this.type = type ?? new Unchecked(content.value);
    this.bytes = content.bytes;
    this.#unloader = content.unloader;
    this.#adopt(content);
  }

  /** Grows from entry to entry, so that an operation can tell what came after it began. */
  get id(): number {
    return typeof this.#idOrLeases === "number" ? this.#idOrLeases : this.#idOrLeases.id;
  }

  /** What its value was loaded as, for messages. */
  get typeName(): string {
    return nameOfType(this.#rare.types?.[0] ?? this.type);
  }

  /** The loader that made its value, if one did. */
  get loaderName(): string | undefined {
    return (this.#unloader as { name?: string }).name;
  }

  /** References that `acquire` took. */
  get manual(): number {
    return this.#rare.manual;
  }

  set manual(count: number) {
    if (count !== this.manual) this.#rarities.manual = count;
  }

  /** How many handles are open. */
  get handles(): number {
    return this.count - this.manual;
  }

  /** How many bytes its handles keep resident: until the end of its manager, or until it is forced out. */
  get heldBytes(): number {
    return this.fate === undefined || this.fate === "disposed" ? this.bytes : 0;
  }

  /** 1, and one more for each reload. */
  get version(): number {
    return this.#rare.version;
  }

  /** When its value was swapped last, in ticks of the cache; 0 if it never was. */
  get swapped(): number {
    return this.#rare.swapped;
  }

  /** When the read of its value began, if a reload made it or has begun to change it; else 0. */
  get read(): number {
    return this.#rare.read;
  }

  set read(tick: number) {
    this.#rarities.read = tick;
  }

  /** When the loader of its value began, if that has dependencies; else 0. */
  get began(): number {
    return this.#rare.began;
  }

  /** When the loader of its value had ended, if that has dependencies; else 0. */
  get made(): number {
    return this.#rare.made;
  }

  /** What its loader left in its context, dependencies included. */
  get context(): DisposableStack | undefined {
    return this.#rare.context;
  }

  /** How many reloads of it are under way: what they load must not evict it. */
  get pinned(): number {
    return this.#rare.pinned;
  }

  set pinned(count: number) {
    this.#rarities.pinned = count;
    if (count === 0) this.cache.budget.unpinned(this);
  }

  /** The names beside its key that lead to it without being normalised again. */
  get spellings(): readonly string[] {
    return this.#rare.spellings;
  }

  set spellings(names: readonly string[]) {
    this.#rarities.spellings = names;
  }

  get dependencies(): readonly string[] {
    return this.#rare.dependencies;
  }

  /** What holds the handles of its dependencies, if it has some. */
  get holder(): LeaseHolder | undefined {
    return this.#rare.holder;
  }

  /** Whether its unloading frees nothing: no bytes, and no dependencies that may have some. */
  get isWeightless(): boolean {
    return this.bytes === 0 && this.dependencies.length === 0;
  }

  get added(): boolean {
    return this.#unloader instanceof AddedUnloader;
  }

  /** Every type that users hold its value as. */
  get types(): readonly ResourceType<unknown>[] {
    return this.#rare.types ?? [this.type];
  }

  get leases(): LeaseList | undefined {
    return typeof this.#idOrLeases === "number" ? undefined : this.#idOrLeases;
  }

  get kind(): LeaseKind {
    return this.cache.leaks.kindOf(this.typeName);
  }

  get #rarities(): Rarities {
    return this.#rare === COMMON ? this.#rare = new Rarities() : this.#rare;
  }

  /** Notes what comes with its content, if anything does. */
  #adopt({ context, dependencies, holder, began = 0, made = 0 }: Content): void {
    if (!context && !dependencies && this.#rare === COMMON) return;
    const rare = this.#rarities;
    rare.context = context;
    rare.dependencies = dependencies ? [...dependencies] : NONE;
    rare.holder = holder;
    rare.began = began;
    rare.made = made;
  }

  retain(ask?: Ask): void {
    if (this.count++ === 0 || this.observed) this.cache.retained(this, ask);
  }

  release(): void {
    if (--this.count === 0 || this.observed) this.cache.released(this);
  }

  /** It is no longer resident, and what `acquire` took can no longer be released. */
  retire(reason: UnloadReason): void {
    this.fate = reason;
    this.count -= this.manual;
    this.manual = 0;
  }

  /** Lets the next load take the slow way, where somebody wants to look at it. */
  divert(): void {
    this.#rarities.types ??= [this.type];
    this.type = NOTHING;
  }

  /** Checks the value against `type`, once. Throws {@linkcode ResourceTypeError}. */
  accept(type: AskedType): void {
    if (type === this.type) return;
    if (type === undefined) {
      if (this.type === NOTHING) this.type = this.types[0]!;
      return;
    }
    const types = this.#rarities.types ??= [this.type];
    if (!types.includes(type)) {
      assertType(this.key, this.value, type);
      if (types.length < MAX_TYPES) types.push(type);
    }
    this.type = type;
  }

  /** Whether `loader` has made its value. */
  isOf(loader: Unloader): boolean {
    return this.#unloader === loader;
  }

  /** Puts new content in place of the old, which it returns. */
  swap(content: Content, tick: number): Content {
    const old = this.#content();
    this.value = content.value;
    this.bytes = content.bytes;
    this.#unloader = content.unloader;
    this.#adopt(content);
    for (const type of this.types) if (type instanceof Unchecked) type.renew(content.value);
    const rare = this.#rarities;
    rare.version++;
    rare.swapped = tick;
    rare.read = content.read ?? tick;
    return old;
  }

  /** Takes the content out for good. */
  empty(): Content {
    const content = this.#content();
    this.value = GONE;
    if (this.context) this.#rare.context = undefined;
    return content;
  }

  #content(): Content {
    const { value, bytes, context, dependencies, began, made } = this;
    return { value, bytes, unloader: this.#unloader, context, dependencies, began, made };
  }

  /** Records an open handle. */
  record(details: LeaseDetails): RecordedLease {
    return new RecordedLease(this.leases ?? (this.#idOrLeases = new LeaseList(this)), details);
  }
}

/** Whether unloading a value calls anything. */
export function isUnloaded(unloader: Unloader, value: unknown): boolean {
  if (unloader.unload !== undefined) return true;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return Symbol.dispose in value || Symbol.asyncDispose in value;
  } catch {
    return true; // A revoked proxy: to unload it throws the same.
  }
}

/**
 * Unloads a value as its unloader does it, or by its own `[Symbol.dispose]` or `[Symbol.asyncDispose]`.
 * Returns the promise of an asynchronous unload.
 */
export function unloadValue(unloader: Unloader, value: unknown): unknown {
  if (unloader.unload !== undefined) return unloader.unload(value);
  if (typeof value !== "function" && !isObject(value)) return undefined;
  const { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: asyncDispose } = value as
    & Partial<Disposable>
    & Partial<AsyncDisposable>;
  if (typeof dispose === "function") return void dispose.call(value);
  if (typeof asyncDispose === "function") return asyncDispose.call(value);
  return undefined;
}
