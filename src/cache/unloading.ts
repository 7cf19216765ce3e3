import { type Failure, flatten } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import type { Budget } from "./budget.ts";
import { type Content, type Entry, isUnloaded, unloadValue } from "./entry.ts";
import type { WorkQueue } from "./work_queue.ts";

/**
 * Unloads values, parents before their dependencies. An entry that loses its last reference meanwhile
 * joins the queue: this is a *cascade*. Only one cascade runs at a time, and what callbacks unload belongs
 * to it. In a paced manager the callbacks wait for a pump; everything else happens at once.
 */
export class Unloading {
  readonly #events: EventHub;
  readonly #budget: Budget;
  /** The queue in which callbacks wait for a pump, in a paced manager. */
  readonly work: WorkQueue | undefined;
  /** Whether callbacks run at once because the manager is being disposed. */
  #isFlushed = false;
  /** The retired entries that the running call of {@linkcode run} unloads; `undefined` if there is none. */
  #queue: Entry[] | undefined;
  /** Resolves when the cascade ends. Made only when something waits for that. */
  #end: PromiseWithResolvers<void> | undefined;
  /** The asynchronous unloads that have not ended. */
  readonly #unfinished = new Set<Promise<void>>();
  /** Collects the errors of callbacks during {@linkcode flush}. */
  #flushFailures: Failure[] | undefined;
  /** Collects the errors of asynchronous unloads during {@linkcode settled}. */
  #gathered: Failure[] | undefined;

  constructor(events: EventHub, budget: Budget, work: WorkQueue | undefined) {
    this.#events = events;
    this.#budget = budget;
    this.work = work;
  }

  /** Calls a callback of a user: in the next pump if the manager is paced, otherwise at once. */
  later(key: string, run: () => void, bytes: number = 0): void {
    if (this.work === undefined || this.#isFlushed) return run();
    this.work.addCallback(() => {
      try {
        run();
      } catch (error) {
        if (this.#flushFailures === undefined) this.#events.fail(error, key);
        else this.#flushFailures.push({ error, key });
      }
    }, bytes);
  }

  /** Runs all callbacks that wait. Later ones run at once. Returns what was thrown. */
  flush(): Failure[] {
    const failures: Failure[] = this.#flushFailures = [];
    this.work?.flush();
    this.#isFlushed = true;
    this.#flushFailures = undefined;
    return failures;
  }

  /** Whether values are being unloaded. */
  get active(): boolean {
    return this.#queue !== undefined;
  }

  /** Adds a retired entry to the running cascade. Returns whether there is one. */
  join(entry: Entry): boolean {
    this.#queue?.push(entry);
    return this.active;
  }

  /**
   * Calls `first`, then unloads the queue and what joins it. Returns whether the cascade has ended: it
   * has not if one of its callbacks has called this.
   */
  run(queue: Entry[], failures: Failure[], first?: () => void): boolean {
    const outer = this.#queue;
    this.#queue = queue;
    try {
      first?.();
      for (const entry of queue) this.#finish(entry, failures);
    } finally {
      this.#queue = outer;
    }
    if (this.active) return false;
    this.#end?.resolve();
    this.#end = undefined;
    return true;
  }

  /** Unloads content without an entry, and what loses its last reference by that. Returns what `run` does. */
  discard(key: string, content: Content, failures: Failure[]): boolean {
    return this.run([], failures, () => this.#unload(key, content, failures));
  }

  /** Waits for `others` and for asynchronous unloads. Resolves to what the unloads threw. */
  async settled(others: Promise<unknown>): Promise<Failure[]> {
    const failures = this.#gathered ??= [];
    await others;
    // A callback of a cascade may dispose the manager. The other callbacks of the cascade run first.
    if (this.active) await (this.#end ??= Promise.withResolvers()).promise;
    while (this.#unfinished.size > 0) await Promise.all(this.#unfinished);
    this.#gathered = undefined;
    return failures.splice(0);
  }

  #finish(entry: Entry, failures: Failure[]): void {
    const { key, bytes, fate } = entry;
    const content = entry.empty();
    // An idle entry with dependencies has kept its place, for those that become idle now.
    if (!this.#budget.idle.hasPlace(entry)) this.#unload(key, content, failures);
    else this.#budget.handOver(entry, () => this.#unload(key, content, failures));
    if (this.#events.has("unload")) {
      this.#events.emit("unload", { key, type: entry.typeName, bytes, reason: fate! });
    }
  }

  /** Unloads a value, and then disposes its context, which releases its dependencies. */
  #unload(key: string, content: Content, failures: Failure[]): void {
    try {
      this.#unloadValue(key, content);
    } catch (error) {
      failures.push({ error, key });
    }
    try {
      content.context?.dispose();
    } catch (error) {
      for (const each of flatten(error)) failures.push({ error: each, key });
    }
  }

  #unloadValue(key: string, { value, unloader, bytes }: Content): void {
    if (value === undefined || !isUnloaded(unloader, value)) return;
    this.later(key, () => {
      const promise = unloadValue(unloader, value);
      if (typeof (promise as PromiseLike<void>)?.then === "function") {
        this.#watch(key, promise as PromiseLike<void>);
      }
    }, bytes);
  }

  /** Waits for an asynchronous unload, and reports its error. */
  #watch(key: string, unloading: PromiseLike<void>): void {
    const promise = Promise.resolve(unloading).catch((error) => {
      if (this.#gathered) this.#gathered.push({ error, key });
      else this.#events.fail(error, key);
    }).finally(() => this.#unfinished.delete(promise));
    this.#unfinished.add(promise);
  }
}
