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

/** Replaces the value of an entry that was unloaded, so that open handles do not keep it in memory. */
export const GONE: unique symbol = /* @__PURE__ */ Symbol("gone");

/** The type of an entry that the fast path of a load must not find: it is not the type of any value. */
export const NOTHING: ResourceType<unknown> = /* @__PURE__ */ Object.freeze({
  name: "nothing",
  prototype: {},
});

/** How many types an entry stores that its value was checked against. */
const MAX_TYPES = 32;

/** The dependencies, or the spellings, of an entry without any. */
const NONE: readonly string[] = [];

/** What unloads a value: its loader, or the options of `add`. */
export interface Unloader {
  readonly unload?: ((value: unknown) => void | Promise<void>) | undefined;
}

/** The result of a load. A reload replaces it as a whole. */
export interface Content {
  value: unknown;
  bytes: number;
  readonly unloader: Unloader;
  /** What the loader put into its context, with the handles of its dependencies. */
  context?: DisposableStack | undefined;
  /** The keys that the loader loaded, if it loaded any. */
  dependencies?: ReadonlySet<string> | readonly string[] | undefined;
  /** When its read began. This and the next two are ticks of the cache. */
  readonly read?: number;
  /** When its loader started. From here until `made` it may have used values of dependencies. */
  began?: number;
  /** When its loader ended. */
  made?: number;
  /** The source has changed since the read began. */
  readonly stale?: boolean;
  /** The value is the old one, changed in place. The entry owns it, so it is not unloaded with this. */
  readonly isUpdated?: boolean;
  /** The holder of the handles of the dependencies, for reports. */
  holder?: LeaseHolder | undefined;
  /** Whether the loader has put more than dependencies into its context. */
  ownsMore?: boolean | undefined;
}

/** Unloads a value that `add` made resident: it has no loader, so it can't be reloaded. */
export class AddedUnloader implements Unloader {
  readonly unload: ((value: unknown) => void | Promise<void>) | undefined;

  constructor(unload: ((value: unknown) => void | Promise<void>) | undefined) {
    this.unload = unload;
  }
}

/** Fields that few entries need. They are kept apart so that all other entries stay small. */
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

/** The defaults. Entries without fields of their own share this object, which never changes. */
const COMMON: Rarities = /* @__PURE__ */ new Rarities();

/**
 * One resident resource: its value and its counts. It never references its handles, because then a leaked
 * one would never be collected. There may be a million entries: each field costs 8 bytes in all of them.
 */
export class Entry implements IdleNode<Entry>, Leased {
  readonly key: string;
  readonly cache: Cache;
  value: unknown;
  /** The type that the value was checked against last. A load of this type needs no other check. */
  type: ResourceType<unknown>;
  /** The reference count: open handles, manual and lent references. It starts at 1, for the caller. */
  count = 1;
  /** Whether the cache is notified of each change of the count, not only when it reaches or leaves 0. */
  observed = false;
  bytes: number;
  /** When it last became idle, in milliseconds since the manager was created. */
  lastUsed = 0;
  older: Entry | null = null;
  newer: Entry | null = null;
  /** Why it was unloaded; `undefined` while it is resident. */
  fate: UnloadReason | undefined;
  /** Its id, or its list of leases, which has the id. Most entries never need a list. */
  #idOrLeases: number | LeaseList;
  /** The loader that made the value, or what `add` was called with. */
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

  /** Grows from entry to entry, so that an operation knows which entries are newer than itself. */
  get id(): number {
    return typeof this.#idOrLeases === "number" ? this.#idOrLeases : this.#idOrLeases.id;
  }

  /** The name of the type that its value was first loaded as. */
  get typeName(): string {
    return nameOfType(this.#rare.types?.[0] ?? this.type);
  }

  /** The name of the loader that made its value, if one did. */
  get loaderName(): string | undefined {
    return (this.#unloader as { name?: string }).name;
  }

  /** How many references `acquire` took. */
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

  /** How many bytes its handles keep resident: none after it was unloaded by force. */
  get heldBytes(): number {
    return this.fate === undefined || this.fate === "disposed" ? this.bytes : 0;
  }

  /** 1, and one more for each reload. */
  get version(): number {
    return this.#rare.version;
  }

  /** When its value was replaced last, in ticks of the cache; 0 if it never was. */
  get swapped(): number {
    return this.#rare.swapped;
  }

  /** When the read of its value began, if a reload made the value or has begun to change it. Otherwise 0. */
  get read(): number {
    return this.#rare.read;
  }

  set read(tick: number) {
    this.#rarities.read = tick;
  }

  /** When the loader of its value started, if it has a context or dependencies. Otherwise 0. */
  get began(): number {
    return this.#rare.began;
  }

  /** When the loader of its value ended, if it has a context or dependencies. Otherwise 0. */
  get made(): number {
    return this.#rare.made;
  }

  /** What its loader put into its context, with the handles of its dependencies. */
  get context(): DisposableStack | undefined {
    return this.#rare.context;
  }

  /** How many reloads of it are under way. Until they end it is not evicted, and does not expire. */
  get pinned(): number {
    return this.#rare.pinned;
  }

  set pinned(count: number) {
    this.#rarities.pinned = count;
    if (count === 0) this.cache.budget.unpinned(this);
  }

  /** The names besides its key by which it is found without normalising them again. */
  get spellings(): readonly string[] {
    return this.#rare.spellings;
  }

  set spellings(names: readonly string[]) {
    this.#rarities.spellings = names;
  }

  get dependencies(): readonly string[] {
    return this.#rare.dependencies;
  }

  /** The holder of the handles of its dependencies, if it has some. */
  get holder(): LeaseHolder | undefined {
    return this.#rare.holder;
  }

  /** Whether unloading it frees nothing: it has no bytes, and no dependencies that may have some. */
  get isWeightless(): boolean {
    return this.bytes === 0 && this.dependencies.length === 0;
  }

  /** Whether `add` made it resident, so that it can't be reloaded. */
  get added(): boolean {
    return this.#unloader instanceof AddedUnloader;
  }

  /** Every type that its value was checked against. A reloaded value must fit all of them. */
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

  /** Stores what comes with the value, if anything does. */
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

  /** Makes it non-resident. References that `acquire` took can no longer be released. */
  retire(reason: UnloadReason): void {
    this.fate = reason;
    this.count -= this.manual;
    this.manual = 0;
  }

  /** Makes the next load take the slow path, which captures call sites. */
  divert(): void {
    this.#rarities.types ??= [this.type];
    this.type = NOTHING;
  }

  /** Checks the value against `type`, once for each type. Throws {@linkcode ResourceTypeError}. */
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

  /** Whether `loader` made its value. */
  isOf(loader: Unloader): boolean {
    return this.#unloader === loader;
  }

  /** Replaces the content. Returns the old one. */
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

  /** Removes the content and returns it. */
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

  /** Adds an open handle to the list of leases. */
  record(details: LeaseDetails): RecordedLease {
    return new RecordedLease(this.leases ?? (this.#idOrLeases = new LeaseList(this)), details);
  }
}

/** Whether unloading a value calls a method. */
export function isUnloaded(unloader: Unloader, value: unknown): boolean {
  if (unloader.unload !== undefined) return true;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  try {
    return Symbol.dispose in value || Symbol.asyncDispose in value;
  } catch {
    return true; // A revoked proxy: unloading it throws the same error, which is then reported.
  }
}

/**
 * Unloads a value by its unloader, or else by its own `[Symbol.dispose]` or `[Symbol.asyncDispose]`.
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
