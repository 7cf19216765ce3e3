import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import type { Leak, UnloadReason } from "../contract/events.ts";
import type { QueuedWork } from "../contract/stats.ts";
import type { Observer } from "../cache/observers.ts";
import { EventLog, type EventSlice } from "./event_log.ts";
import { Kind } from "./kind.ts";
import { waitingAfter } from "./waiting.ts";

/** Every reason for an unload. The log stores the index. */
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

/** One stay of a resource in memory, in its state before the oldest event that is kept. */
export interface Life {
  readonly key: string;
  readonly type: string;
  /** How long it took to load, in ms; `undefined` if it was resident before the trace. */
  readonly loading: number | undefined;
  /** Whether it was resident then. If not, the log has its `load` event. */
  resident: boolean;
  refs: number;
  bytes: number;
  version: number;
}

/** Everything that was recorded up to a moment. */
export interface Recording {
  readonly slices: readonly EventSlice[];
  readonly lives: ReadonlyMap<number, Readonly<Life>>;
  readonly leaks: ReadonlyMap<number, Leak>;
  readonly maxBytes: number | undefined;
  readonly keepsIdle: boolean;
  /** The work that waited for a pump then; `undefined` if the manager is not pumped. */
  readonly waiting: QueuedWork | undefined;
  readonly since: number;
  readonly ended: number;
  readonly length: number;
  readonly forgotten: number;
}

/** Records what happens to the resources of a cache. */
export class Recorder implements Observer {
  readonly log: EventLog;
  /** By the numbers of their entries, which are the subjects of events. */
  readonly lives: Map<number, Life> = new Map();
  readonly leaks: Map<number, Leak> = new Map();
  readonly maxBytes: number | undefined;
  /** Whether idle resources stay in memory. */
  readonly keepsIdle: boolean;
  /**
   * The work that waited for a pump before the oldest event; `undefined` if the manager is not
   * pumped.
   */
  waiting: QueuedWork | undefined;
  /** The work that waits now. */
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

  /** When it stopped; the time now if it is running. */
  get ended(): number {
    return this.#ended ?? performance.now();
  }

  get running(): boolean {
    return this.#ended === undefined;
  }

  /** The time of the state in which `lives` are recorded. */
  get since(): number {
    return this.log.forgotten === 0 ? this.started : this.log.since ?? this.started;
  }

  /** Stops recording. The recording ends at `ended`, which is not in the future. */
  stop(ended: number = performance.now()): void {
    this.#ended ??= ended;
    this.#subscriptions.dispose();
  }

  /** Everything recorded so far. Read it before the next event. O(events / 4096). */
  recording(): Recording {
    const { log, lives, leaks, maxBytes, keepsIdle, waiting, since, ended } = this;
    const { length, forgotten } = log;
    const slices = log.slices();
    return { slices, lives, leaks, maxBytes, keepsIdle, waiting, since, ended, length, forgotten };
  }

  /** A copy of the recording that later events do not change. O(loads) while it runs. */
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

  /** Applies an event that is forgotten to the state before the oldest event. */
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
