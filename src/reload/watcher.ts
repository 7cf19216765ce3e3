import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { afterAlive, type Clock } from "../contract/clock.ts";
import { messageOf } from "../contract/errors.ts";
import type { WatchOptions } from "../contract/options.ts";
import { quote } from "../contract/printable.ts";
import { endWatching, type Watching } from "../contract/source.ts";
import type { Reloader } from "./reloader.ts";

/** How long a resource must not change before it is reloaded by default, in ms. */
const DEBOUNCE = 50;

/** For how long, in ms, a resource that never stops changing holds up the others. */
const PATIENCE = 1_000;

/**
 * When a resource began to change in the source without a rest, and when it last changed, in ms.
 */
interface Change {
  readonly first: number;
  last: number;
}

/**
 * Reloads resident resources that change in the source, while somebody watches. Each manager has
 * one, so that several watches do not reload the same twice. A change of what is not resident costs
 * a few lookups.
 */
export class Watcher {
  readonly #reloader: Reloader;
  readonly #cache: Cache;
  readonly #clock: Clock;
  /** The watches, with the debounce of each in ms. */
  readonly #watches = new Map<Watch, number>();
  /** The entries that have changed and are not reloaded yet. */
  readonly #changes = new Map<Entry, Change>();
  /** The error that was last reported for an entry, with its version. */
  readonly #reported = new WeakMap<Entry, string>();
  /** The watch of the source, while somebody watches. */
  #subscription: Watching | undefined;
  /** Waits until the changes have rested. */
  #timer: Disposable | undefined;
  /** The reload that is running. */
  #reloading: Promise<void> | undefined;
  /** Resolves when the source has ended its watch. */
  #ended: Promise<void> | undefined;

  constructor(reloader: Reloader, clock: Clock) {
    this.#reloader = reloader;
    this.#cache = reloader.loading.cache;
    this.#clock = clock;
  }

  /** Watches until the result is disposed. Of several watches, the longest `debounce` counts. */
  watch({ debounce = DEBOUNCE }: WatchOptions): Watch {
    if (!(typeof debounce === "number" && debounce >= 0 && debounce < Infinity)) {
      throw new RangeError(
        'Cannot watch: "debounce" must be a number of milliseconds, 0 or more: ' +
          `received ${quote(debounce)}`,
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

  /** Ends one watch. A reload that is running goes on. After the last watch, no other begins. */
  leave(watch: Watch): void {
    if (this.#watches.delete(watch) && this.#watches.size === 0) this.#stop();
  }

  /** Ends every watch. */
  dispose(): void {
    this.#watches.clear();
    this.#stop();
  }

  /**
   * Waits for a running reload, without waiting for a pump. If nobody watches any more, it also
   * waits until the source has ended its watch.
   */
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
   * Notes what a change of the file at `path` affects: what was read from it, what could not be
   * reloaded without it, and what was made although it was missing.
   */
  #changed(path: string): void {
    this.#reloader.changed(path);
    for (const entry of this.#reloader.failedFor(path)) this.#note(entry);
    const { entries, dependents } = this.#cache;
    if (!entries.has(path)) { for (const entry of dependents.of(path)) this.#note(entry); }
    const made = [...entries.of(path)];
    const keys = new Set(made.map(({ key }) => key));
    for (const entry of made) {
      // A part is reloaded after its whole, as is everything that was made from another of these.
      if (!entry.dependencies.some((key) => keys.has(key))) this.#note(entry);
    }
  }

  /**
   * Reloads an entry that was stale when it landed: at once, or after the debounce if somebody
   * watches.
   */
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
      if (!this.#reloading) this.#reloadDue();
    });
  }

  #endWait(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Reloads what has changed, if it has not changed again for long enough. */
  #reloadDue(): void {
    const quiet = this.#debounce;
    const now = this.#clock.now();
    let rest = 0;
    const due: Entry[] = [];
    for (const [entry, { first, last }] of this.#changes) {
      // After a clock was set back, everything would wait.
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

  /**
   * What was made from an entry that was unloaded since it changed, such as the parts of a whole.
   */
  #leftBy({ key }: Entry): Entry[] {
    return [...this.#cache.dependents.of(key)];
  }

  /** Reports an error once, and not again after further changes that do not repair it. */
  #failed(entry: Entry, error: unknown): void {
    if (entry.fate !== undefined) { // It was unloaded meanwhile.
      for (const each of this.#leftBy(entry)) this.landedStale(each);
      return;
    }
    const message = `${entry.version} ${messageOf(error)}`;
    if (this.#reported.get(entry) === message) return;
    this.#reported.set(entry, message);
    this.#cache.events.fail(error, entry.key);
  }
}

/** The result of {@linkcode Watcher.watch}. */
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
