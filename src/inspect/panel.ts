import type { Cache } from "../cache/cache.ts";
import { cacheOf } from "../cache/observers.ts";
import { messageOf } from "../contract/errors.ts";
import type { ResourceManager } from "../manager.ts";
import { type Action, ACTIONS } from "../trace/live_data.ts";
import { Recorder } from "../trace/recorder.ts";
import { LiveFeed, type Subject } from "./live_feed.ts";
import type { InspectorOptions } from "./options.ts";

/** How often pages are told what has come, in ms: each other frame of a game at 60 Hz. */
const PACE = 33;

/** A manager that is inspected: what happens to it, and the pages that are told. */
export class Panel implements Subject {
  readonly recorder: Recorder;
  readonly title: string;
  readonly maxEvents: number;
  readonly actions: readonly Action[];
  readonly #manager: ResourceManager;
  readonly #cache: Cache;
  /** Each that is open, with what wakes it. */
  readonly #feeds = new Map<LiveFeed, () => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(manager: ResourceManager, options: InspectorOptions) {
    const { maxEvents = 200_000, title = "Holdfast, live", control = false } = options;
    if (!Number.isSafeInteger(maxEvents) || maxEvents < 1) {
      throw new RangeError(
        `Cannot inspect: "maxEvents" must be a positive whole number: received ${maxEvents}`,
      );
    }
    this.#manager = manager;
    this.#cache = cacheOf(manager);
    this.recorder = new Recorder(this.#cache, maxEvents);
    this.maxEvents = maxEvents;
    this.title = title;
    this.actions = control ? ACTIONS.filter((action) => action !== "collect" || collector()) : [];
  }

  get ended(): boolean {
    return this.#cache.disposed;
  }

  /** How many pages are open. */
  get pages(): number {
    return this.#feeds.size;
  }

  /** Begins to tell a page. `wake` is called when it may ask for the next message. */
  open(wake: () => void): LiveFeed {
    const feed = new LiveFeed(this);
    // While no page is open, nobody looks when the manager is disposed: with its last unloading.
    if (this.ended) this.recorder.stop(this.recorder.log.until);
    this.#feeds.set(feed, wake);
    this.#timer ??= setInterval(() => this.#tick(), PACE);
    return feed;
  }

  close(feed: LiveFeed): void {
    this.#feeds.delete(feed);
    if (this.#feeds.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Does what a page asks for, and says what came of it. */
  async act(action: string, key: string | undefined): Promise<string> {
    if (!this.actions.includes(action as Action)) {
      return `"${action}" is not an action of this panel`;
    }
    try {
      return await this.#act(action as Action, key);
    } catch (error) {
      return messageOf(error);
    }
  }

  async #act(action: Action, key: string | undefined): Promise<string> {
    const manager = this.#manager;
    const { size, bytes } = manager;
    if (action === "unload") return `${manager.unloadUnused()} of ${size} resources were unloaded`;
    if (action === "trim") {
      manager.trim(bytes / 2);
      return `${size - manager.size} of ${size} resources were evicted`;
    }
    if (action === "collect") {
      collector()!();
      return "Garbage was collected. Leaked handles are reported within moments";
    }
    if (key === undefined) return "Select the resource to reload";
    await manager.reloadAsync(key);
    return `"${key}" was reloaded`;
  }

  /** Records and tells no more. */
  stop(): void {
    this.recorder.stop();
  }

  #tick(): void {
    if (this.ended) this.recorder.stop();
    for (const [feed, wake] of this.#feeds) {
      feed.tick();
      wake();
    }
  }
}

/** The garbage collector, where a program can call it. */
function collector(): (() => void) | undefined {
  return (globalThis as { gc?: () => void }).gc;
}
