import { type Failure, flatten } from "../contract/errors.ts";
import type { EventHub } from "../contract/events.ts";
import type { Budget } from "./budget.ts";
import { type Content, type Entry, isUnloaded, unloadValue } from "./entry.ts";
import type { WorkQueue } from "./work_queue.ts";

/**
 * Unloads values, parents before their dependencies: an entry that loses its last reference while
 * values are unloaded joins the queue. One such *cascade* runs at a time; what callbacks unload in
 * the middle of it runs inside it. With a queue of work the callbacks wait there, and all else is done at
 * once.
 */
export class Unloading {
  readonly #events: EventHub;
  readonly #budget: Budget;
  /** Where callbacks wait, if they do. */
  readonly work: WorkQueue | undefined;
  /** Whether they do not wait any more: the manager ends. */
  #isLast = false;
  #queue: Entry[] | undefined;
  /** Resolves when the cascade has ended, once somebody waits for that. */
  #end: PromiseWithResolvers<void> | undefined;
  #promised = new Set<Promise<void>>();
  /** Where the errors of callbacks go that the end of the manager runs. */
  #last: Failure[] | undefined;
  /** Where the errors of promised unloads go while the asynchronous disposal waits for them. */
  #gathered: Failure[] | undefined;

  constructor(events: EventHub, budget: Budget, work: WorkQueue | undefined) {
    this.#events = events;
    this.#budget = budget;
    this.work = work;
  }

  /** Runs a callback of a user, in the pump if there is one. */
  later(key: string, run: () => void, bytes: number = 0): void {
    if (this.work === undefined || this.#isLast) return run();
    this.work.addCallback(() => {
      try {
        run();
      } catch (error) {
        if (this.#last === undefined) this.#events.fail(error, key);
        else this.#last.push({ error, key });
      }
    }, bytes);
  }

  /** Runs what waits, and lets nothing wait from here on. Returns what was thrown. */
  flush(): Failure[] {
    const failures: Failure[] = this.#last = [];
    this.work?.flush();
    this.#isLast = true;
    this.#last = undefined;
    return failures;
  }

  /** Whether values are being unloaded. */
  get active(): boolean {
    return this.#queue !== undefined;
  }

  /** Unloads a retired entry in the cascade that runs. Returns whether one does. */
  join(entry: Entry): boolean {
    this.#queue?.push(entry);
    return this.active;
  }

  /** Runs `first`, and unloads the queue and what joins it. Returns whether the cascade has ended. */
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

  /** Unloads content that is in no entry, and what that leaves unreferenced. Returns the same. */
  discard(key: string, content: Content, failures: Failure[]): boolean {
    return this.run([], failures, () => this.#unload(key, content, failures));
  }

  /** Waits for `others`, and for promised unloads. Resolves to what those threw. */
  async settled(others: Promise<unknown>): Promise<Failure[]> {
    const failures = this.#gathered ??= [];
    await others;
    // A callback that disposes the manager is one of several: the others have their turn first.
    if (this.active) await (this.#end ??= Promise.withResolvers()).promise;
    while (this.#promised.size > 0) await Promise.all(this.#promised);
    this.#gathered = undefined;
    return failures.splice(0);
  }

  #finish(entry: Entry, failures: Failure[]): void {
    const { key, bytes, fate } = entry;
    const content = entry.empty();
    if (!this.#budget.idle.hasPlace(entry)) this.#unload(key, content, failures);
    else this.#budget.leave(entry, () => this.#unload(key, content, failures));
    if (this.#events.has("unload")) {
      this.#events.emit("unload", { key, type: entry.typeName, bytes, reason: fate! });
    }
  }

  /** Unloads a value, and then gives back what its loader took for it. */
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
        this.#promise(key, promise as PromiseLike<void>);
      }
    }, bytes);
  }

  #promise(key: string, unloading: PromiseLike<void>): void {
    const promise = Promise.resolve(unloading).catch((error) => {
      if (this.#gathered) this.#gathered.push({ error, key });
      else this.#events.fail(error, key);
    }).finally(() => this.#promised.delete(promise));
    this.#promised.add(promise);
  }
}
