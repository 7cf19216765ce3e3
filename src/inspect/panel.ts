import type { Cache } from "../cache/cache.ts";
import { cacheOf } from "../cache/managers.ts";
import { messageOf } from "../contract/errors.ts";
import type { ResourceManager } from "../manager.ts";
import { type Action, ACTIONS } from "../trace/live_data.ts";
import { Recorder } from "../trace/recorder.ts";
import { LiveFeed, type Subject } from "./live_feed.ts";
import type { InspectorOptions } from "./options.ts";

/** The time between two messages to a page, in ms: every other frame of a game at 60 Hz. */
const INTERVAL = 33;

/** A manager that is inspected: its recorder, and a feed for each open page. */
export class Panel implements Subject {
  readonly recorder: Recorder;
  readonly title: string;
  readonly maxEvents: number;
  readonly actions: readonly Action[];
  readonly #manager: ResourceManager;
  readonly #cache: Cache;
  /** The feeds of the open pages, each with the function that wakes its page. */
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

  /** Opens a feed for a page. The panel calls `wake` when the feed may have a message. */
  open(wake: () => void): LiveFeed {
    const feed = new LiveFeed(this);
    // While no page was open, nothing noticed that the manager ended: it did with its last event.
    if (this.ended) this.recorder.stop(this.recorder.log.until);
    this.#feeds.set(feed, wake);
    this.#timer ??= setInterval(() => this.#tick(), INTERVAL);
    return feed;
  }

  close(feed: LiveFeed): void {
    this.#feeds.delete(feed);
    if (this.#feeds.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Does what a page asks for. Resolves with a sentence about the result, for the page. */
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

  /** Stops recording. */
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

/** The function that collects garbage, if the program has one. */
function collector(): (() => void) | undefined {
  return (globalThis as { gc?: () => void }).gc;
}
