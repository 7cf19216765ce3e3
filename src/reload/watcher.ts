import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { afterAlive, type Clock } from "../contract/clock.ts";
import { messageOf } from "../contract/errors.ts";
import type { WatchOptions } from "../contract/options.ts";
import { endWatching, type Watching } from "../contract/source.ts";
import type { Reloader } from "./reloader.ts";

const DEBOUNCE = 50;

/** For how long, in ms, a resource that never stops changing holds up the others. */
const PATIENCE = 1_000;

/** Since when, and when last, a resource has been changing in the source without a rest. */
interface Change {
  readonly first: number;
  last: number;
}

/**
 * Reloads the residents that change in the source, for as long as somebody watches. There is one for
 * each manager, so that several who watch don't reload the same. A change of what is not resident
 * costs a look into the table.
 */
export class Watcher {
  readonly #reloader: Reloader;
  readonly #cache: Cache;
  readonly #clock: Clock;
  /** Those who watch, with how long to wait. */
  readonly #watches = new Map<Watch, number>();
  readonly #changes = new Map<Entry, Change>();
  /** What could not be reloaded and why, as far as it was told. */
  readonly #told = new WeakMap<Entry, string>();
  #subscription: Watching | undefined;
  #timer: Disposable | undefined;
  #reloading: Promise<void> | undefined;
  /** Resolves when the source has ended its watch. */
  #ended: Promise<void> | undefined;

  constructor(reloader: Reloader, clock: Clock) {
    this.#reloader = reloader;
    this.#cache = reloader.loading.cache;
    this.#clock = clock;
  }

  /** Watches until the result is disposed. With several, the longest `debounce` is kept. */
  watch({ debounce = DEBOUNCE }: WatchOptions): Watch {
    if (!(typeof debounce === "number" && debounce >= 0 && debounce < Infinity)) {
      throw new RangeError(
        `Cannot watch: "debounce" must be a number of milliseconds, 0 or more: received ${debounce}`,
      );
    }
    if (this.#watches.size === 0) this.#start();
    const watch = new Watch(this);
    this.#watches.set(watch, debounce);
    return watch;
  }

  watches(watch: Watch): boolean {
    return this.#watches.has(watch);
  }

  /** Ends one watch. What is being reloaded goes on; what was about to be is not, if it was the last. */
  leave(watch: Watch): void {
    if (this.#watches.delete(watch) && this.#watches.size === 0) this.#stop();
  }

  /** Ends every watch. */
  dispose(): void {
    this.#watches.clear();
    this.#stop();
  }

  /** Waits for a reload in flight, but for no pump, and for the source if nobody watches any more. */
  async quiet(): Promise<void> {
    const { work } = this.#cache.unloading;
    if (this.#reloading) await (work?.hurry(this.#reloading) ?? this.#reloading);
    if (this.#watches.size === 0) await this.#ended;
  }

  readonly #onError = (error: unknown): void => this.#cache.events.fail(error);

  #start(): void {
    const { reader } = this.#reloader.loading;
    this.#subscription = reader.watch((key) => this.#changed(key), this.#onError);
  }

  #stop(): void {
    if (!this.#subscription) return;
    this.#ended = endWatching(this.#subscription, this.#onError);
    this.#subscription = undefined;
    this.#endWait();
    this.#changes.clear();
  }

  /**
   * The file at `path` has changed: all that is read of it, what could not be loaded without it, and what
   * was made though it was missing.
   */
  #changed(path: string): void {
    this.#reloader.changed(path);
    for (const entry of this.#reloader.failedFor(path)) this.#note(entry);
    const { entries, dependents } = this.#cache;
    if (!entries.has(path)) { for (const entry of dependents.of(path)) this.#note(entry); }
    const made = [...entries.of(path)];
    const keys = new Set(made.map(({ key }) => key));
    for (const entry of made) {
      // What was made from another of them, as a part of its whole, is reloaded after that.
      if (!entry.dependencies.some((key) => keys.has(key))) this.#note(entry);
    }
  }

  /** An entry was old when it landed. */
  landedStale(entry: Entry): void {
    if (this.#watches.size === 0) this.#reloader.landedStale(entry);
    else this.#note(entry);
  }

  #note(entry: Entry): void {
    if (entry.added) return;
    const now = this.#clock.now();
    const change = this.#changes.get(entry);
    if (change && now - change.last < this.#debounce) change.last = now;
    else this.#changes.set(entry, { first: now, last: now });
    this.#wait(this.#debounce);
  }

  get #debounce(): number {
    return Math.max(...this.#watches.values());
  }

  #wait(ms: number): void {
    this.#timer ??= afterAlive(this.#clock, ms, () => {
      this.#timer = undefined;
      if (!this.#reloading) this.#next();
    });
  }

  #endWait(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Reloads what has changed, if nothing has changed since for long enough. */
  #next(): void {
    const quiet = this.#debounce;
    const now = this.#clock.now();
    let rest = 0;
    const due: Entry[] = [];
    for (const [entry, { first, last }] of this.#changes) {
      // A clock that was set back would keep all waiting.
      const isQuiet = now - last >= quiet || now < last;
      if (isQuiet) due.push(entry);
      else if (last - first <= PATIENCE) rest = Math.max(rest, last + quiet - now);
    }
    if (rest > 0) return this.#wait(rest);
    for (const entry of due) this.#changes.delete(entry);
    const roots = due.flatMap((each) => each.fate === undefined ? each : this.#leftBy(each));
    const failed = (entry: Entry, error: unknown) => this.#failed(entry, error);
    this.#reloading = this.#reloader.renew(roots, failed).finally(() => {
      this.#reloading = undefined;
      if (this.#changes.size > 0) this.#wait(quiet);
    });
  }

  /** What was made from an entry that has gone since it changed: the parts of a whole that was forced out. */
  #leftBy({ key }: Entry): Entry[] {
    return [...this.#cache.dependents.of(key)];
  }

  /** Tells of an error once, and not again after each further change that doesn't mend it. */
  #failed(entry: Entry, error: unknown): void {
    if (entry.fate !== undefined) { // It was unloaded meanwhile.
      for (const each of this.#leftBy(entry)) this.landedStale(each);
      return;
    }
    const message = `${entry.version} ${messageOf(error)}`;
    if (this.#told.get(entry) === message) return;
    this.#told.set(entry, message);
    this.#cache.events.fail(error, entry.key);
  }
}

/** What `watch` gives. */
export class Watch implements Disposable, AsyncDisposable {
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  [Symbol.dispose](): void {
    this.#watcher.leave(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#watcher.quiet();
  }

  /** What `console.log` shows. */
  static show(watch: Watch): string {
    return `Watcher { watching: ${watch.#watcher.watches(watch)} }`;
  }
}
