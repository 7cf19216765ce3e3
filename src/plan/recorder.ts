import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import type { Ask, Observer } from "../cache/observers.ts";
import type { LeaseHolder } from "../leaks/leases.ts";
import { Fetches } from "./fetches.ts";
import { isPreloadScope } from "./preload_scope.ts";
import { Scene } from "./scene.ts";
import { Visits } from "./visits.ts";

const recorders = new WeakMap<Cache, Recorder[]>();

/** Returns the recorders of a manager, those that have stopped included. */
export function recordersOf(cache: Cache): readonly Recorder[] {
  return recorders.get(cache) ?? [];
}

/** Records what each scene requests. */
export class Recorder implements Observer {
  /** The scenes by label, in the order in which they were first seen. */
  readonly scenes: Map<string, Scene> = new Map();
  readonly visits: Visits = new Visits();
  readonly fetches: Fetches = new Fetches();
  /** The scopes of plans. Their requests are not requests of the game. */
  readonly #preloads = new WeakSet<LeaseHolder>();
  /** Entries that were just loaded, and how long that took, in ms. The first request counts it. */
  readonly #arrivals = new Map<Entry, number>();
  /** How many reads of dependencies blocked the game, by the key of the resource that is being loaded. */
  readonly #blockingParts = new Map<string, number>();
  #subscription: Disposable | undefined;

  constructor(cache: Cache) {
    this.#subscription = cache.observers.add(this);
    const known = recorders.get(cache);
    if (known === undefined) recorders.set(cache, [this]);
    else known.push(this);
  }

  get running(): boolean {
    return this.#subscription !== undefined;
  }

  stop(): void {
    this.#subscription?.[Symbol.dispose]();
    this.#subscription = undefined;
    this.#arrivals.clear();
    this.#blockingParts.clear();
    this.fetches.end();
    for (const { holding } of this.scenes.values()) holding.clear(); // It keeps entries in memory.
  }

  entered(scope: LeaseHolder): void {
    if (isPreloadScope()) this.#preloads.add(scope);
    else if (scope.label !== "") {
      this.visits.enter(scope);
      this.#scene(scope.label).visits++;
    }
  }

  left(scope: LeaseHolder): void {
    if (this.#preloads.has(scope) || scope.label === "") return;
    this.visits.leave(scope);
    if (!this.visits.has(scope.label)) this.scenes.get(scope.label)?.holding.clear();
  }

  inserted(entry: Entry, started: number): void {
    if (entry.added) return;
    const ms = Number.isNaN(started) ? 0 : performance.now() - started;
    this.#arrivals.set(entry, ms);
    this.fetches.loaded(entry);
  }

  counted(entry: Entry): void {
    if (entry.count > 0) return;
    this.#arrivals.delete(entry);
    for (const { holding } of this.scenes.values()) holding.idle(entry);
  }

  swapped(entry: Entry): void {
    for (const { holding } of this.scenes.values()) holding.swapped(entry);
  }

  retired(entry: Entry): void {
    this.#arrivals.delete(entry);
    this.fetches.retired(entry);
    for (const { holding } of this.scenes.values()) holding.retired(entry);
  }

  asked(entry: Entry, { holder, blocks = false }: Ask): void {
    const ms = this.#arrivals.get(entry); // `undefined` if it was resident.
    this.#arrivals.delete(entry);
    const isMiss = blocks && ms !== undefined;
    const reads = Number(isMiss) + this.#blockingPartsOf(entry.key);
    if (holder?.isResource) {
      if (reads > 0) {
        this.#blockingParts.set(holder.label, reads + this.#blockingPartsOf(holder.label));
      }
      return;
    }
    const { current } = this.visits;
    if (holder !== undefined && this.#preloads.has(holder)) {
      if (reads > 0) this.#scene(current).blocking += reads;
      return this.#preloaded(entry, holder);
    }
    const scene = this.#scene(holder?.label || current);
    scene.blocking += reads;
    scene.blockedMs += isMiss ? ms : 0;
    scene.use(entry, blocks, ms ?? 0);
    this.fetches.used(entry);
  }

  #preloaded(entry: Entry, { label }: LeaseHolder): void {
    this.fetches.preloaded(entry);
    if (this.visits.has(label)) this.#scene(label).holding.add(entry);
  }

  /** Removes the blocking reads of the dependencies of `key`, and returns their number. */
  #blockingPartsOf(key: string): number {
    const reads = this.#blockingParts.get(key) ?? 0;
    if (reads > 0) this.#blockingParts.delete(key);
    return reads;
  }

  #scene(label: string): Scene {
    let scene = this.scenes.get(label);
    if (scene === undefined) this.scenes.set(label, scene = new Scene());
    return scene;
  }
}
