import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import type { Leak, UnloadReason } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import type { Observer } from "../cache/observers.ts";
import { EventLog, type EventSlice } from "./event_log.ts";
import { Kind } from "./kind.ts";
import { waitingAfter } from "./waiting.ts";

/** Every reason, by the number that the log has for it. */
export const REASONS: readonly UnloadReason[] = Object.keys(
  {
    released: true,
    evicted: true,
    expired: true,
    unused: true,
    forced: true,
    cleared: true,
    replaced: true,
    disposed: true,
  } satisfies Record<UnloadReason, true>,
) as UnloadReason[];

/** One stay of a resource in memory, as it was when the oldest event that is kept came. */
export interface Life {
  readonly key: string;
  readonly type: string;
  /** How long it took to load, in ms; `undefined` if it was resident before the trace. */
  readonly loading: number | undefined;
  /** It was resident then. If not, it has a `load` event. */
  resident: boolean;
  refs: number;
  bytes: number;
  version: number;
}

/** What was recorded up to a moment. */
export interface Recording {
  readonly slices: readonly EventSlice[];
  readonly lives: ReadonlyMap<number, Readonly<Life>>;
  readonly leaks: ReadonlyMap<number, Leak>;
  readonly maxBytes: number | undefined;
  readonly keepsIdle: boolean;
  /** What waited for a pump then; `undefined` in a manager that is not pumped. */
  readonly waiting: QueuedWork | undefined;
  readonly since: number;
  readonly ended: number;
  readonly length: number;
  readonly forgotten: number;
}

/** Writes down what happens to the residents of a cache. */
export class Recorder implements Observer {
  readonly log: EventLog;
  /** By the number of their entry, which is the subject of events. */
  readonly lives: Map<number, Life> = new Map();
  readonly leaks: Map<number, Leak> = new Map();
  readonly maxBytes: number | undefined;
  /** Whether resources stay when nobody uses them. */
  readonly keepsIdle: boolean;
  /** What waited for a pump when the oldest event that is kept came, and what waits now, if it is pumped. */
  waiting: QueuedWork | undefined;
  #waitingNow: QueuedWork | undefined;
  readonly started: number = performance.now();
  #ended: number | undefined;
  #leakCount = 0;
  readonly #subscriptions = new DisposableStack();

  constructor(cache: Cache, maxEvents: number) {
    this.log = new EventLog(maxEvents, (_time, kind, id, value) => this.#forget(kind, id, value));
    this.waiting = this.#waitingNow = cache.unloading.work?.queued;
    this.maxBytes = cache.budget.maxBytes;
    this.keepsIdle = cache.budget.keepsIdle;
    for (const entry of cache.entries) this.lives.set(entry.id, lifeOf(entry));
    this.#subscriptions.use(cache.observers.add(this));
    this.#subscriptions.use(cache.events.tap("leak", (leak) => this.#leaked(leak)));
    this.#subscriptions.use(cache.events.on("overbudget", ({ bytes }) => {
      this.log.add(Kind.overbudget, 0, bytes);
    }));
  }

  /** When it stopped, or now if it has not. */
  get ended(): number {
    return this.#ended ?? performance.now();
  }

  get running(): boolean {
    return this.#ended === undefined;
  }

  /** When the state in which lives are recorded was. */
  get since(): number {
    return this.log.forgotten === 0 ? this.started : this.log.since ?? this.started;
  }

  /** It records no more; what it has recorded ended at a time that is not in the future. */
  stop(ended: number = performance.now()): void {
    this.#ended ??= ended;
    this.#subscriptions.dispose();
  }

  /** What it has recorded so far, to be read before the next event. O(events / 4096). */
  recording(): Recording {
    const { log, lives, leaks, maxBytes, keepsIdle, waiting, since, ended } = this;
    const { length, forgotten } = log;
    const slices = log.slices();
    return { slices, lives, leaks, maxBytes, keepsIdle, waiting, since, ended, length, forgotten };
  }

  /** The same, for as long as you like. O(loads) while it runs, to copy what later events change. */
  snapshot(): Recording {
    const recording = this.recording();
    if (!this.running) return recording;
    const lives = new Map([...this.lives].map(([id, life]) => [id, { ...life }]));
    return { ...recording, lives, leaks: new Map(this.leaks) };
  }

  inserted(entry: Entry, started: number): void {
    const loading = Number.isNaN(started) ? 0 : performance.now() - started;
    this.lives.set(entry.id, { ...lifeOf(entry), loading, resident: false });
    this.log.add(Kind.load, entry.id, entry.bytes);
  }

  counted(entry: Entry): void {
    this.log.add(Kind.count, entry.id, entry.count);
  }

  swapped(entry: Entry): void {
    this.log.add(Kind.reload, entry.id, entry.bytes);
  }

  retired(entry: Entry): void {
    this.log.add(Kind.unload, entry.id, REASONS.indexOf(entry.fate!));
  }

  queued({ loads, unloads, bytes }: QueuedWork): void {
    const before = this.#waitingNow!;
    this.#waitingNow = { loads, unloads, bytes };
    if (loads !== before.loads) this.log.add(Kind.queuedLoads, 0, loads);
    if (unloads !== before.unloads) this.log.add(Kind.queuedUnloads, unloads, bytes);
  }

  #leaked(leak: Leak): void {
    this.leaks.set(this.#leakCount, leak);
    this.log.add(Kind.leak, 0, this.#leakCount++);
  }

  /** Brings a life to where it was after an event that is kept no more. */
  #forget(kind: Kind, id: number, value: number): void {
    if (kind === Kind.leak) this.leaks.delete(value);
    if (kind === Kind.unload) this.lives.delete(id);
    this.waiting = waitingAfter(this.waiting, { kind, subject: id, value });
    const life = kind < Kind.leak ? this.lives.get(id) : undefined;
    if (life === undefined) return;
    life.resident = true;
    if (kind === Kind.count) life.refs = value;
    if (kind !== Kind.reload) return;
    life.bytes = value;
    life.version++;
  }
}

function lifeOf({ key, typeName, count, bytes, version }: Entry): Life {
  return { key, type: typeName, loading: undefined, resident: true, refs: count, bytes, version };
}
