import { isObject } from "../contract/is_object.ts";
import type { ResourceManager } from "../manager.ts";
import type { ChannelAnswer, ChannelAsk } from "../trace/live_data.ts";
import { livePage } from "./live_page.ts";
import type { LiveFeed } from "./live_feed.ts";
import type { InspectorOptions } from "./options.ts";
import { Panel } from "./panel.ts";

const CHANNEL = "holdfast";
/**
 * A page that asks for nothing for this long was closed, in ms: pages ask again after each message.
 */
const PATIENCE = 10_000;
/** More pages than a developer opens at once. A limit, because any script of the origin may ask. */
const MOST_PAGES = 16;

/**
 * Options for {@linkcode postInspector}.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import {
 *   inspectorPage,
 *   postInspector,
 *   type PostInspectorOptions,
 * } from "@holdfast/resources/inspect";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const options: PostInspectorOptions = { channel: "sounds" }; // a second manager of one game
 * using mgr = new ResourceManager();
 * using _panel = postInspector(mgr, options);
 * assertStringIncludes(inspectorPage(options), "sounds");
 * ```
 */
export interface PostInspectorOptions extends InspectorOptions {
  /**
   * The name of the `BroadcastChannel` that connects the game and its pages.
   *
   * @default {"holdfast"}
   */
  channel?: string;
}

/**
 * Shows what happens to the resources of `manager` in other windows of the same browser and origin,
 * which show {@linkcode inspectorPage}: for games in a browser. It works in every runtime that has
 * `BroadcastChannel`, until the result is disposed.
 *
 * A page may be opened before the game or after it, and finds the game again when the game is
 * reloaded. It costs as much as {@linkcode serveInspector}.
 *
 * @throws {RangeError} `maxEvents` is not a positive whole number.
 * @throws {ReferenceError} The runtime has no `BroadcastChannel`.
 *
 * @example
 * ```ts
 * import { HttpSource, ResourceManager } from "@holdfast/resources";
 * import { postInspector } from "@holdfast/resources/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager({ source: new HttpSource("https://example.com/assets/") });
 * using panel = postInspector(mgr, { control: true });
 * assertEquals(panel.pages, 0); // until somebody opens the page
 * ```
 */
export function postInspector(
  manager: ResourceManager,
  options: PostInspectorOptions = {},
): PostedInspector {
  return new ChannelInspector(new Panel(manager, options), options.channel ?? CHANNEL);
}

/**
 * A manager that {@linkcode postInspector} shows in other windows. Disposing it stops recording.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { type PostedInspector, postInspector } from "@holdfast/resources/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * using mgr = new ResourceManager();
 * const panel: PostedInspector = postInspector(mgr);
 * assertEquals(panel.pages, 0);
 * panel[Symbol.dispose](); // open pages say that it ended
 * ```
 */
export interface PostedInspector extends Disposable {
  /** How many pages follow the manager now. */
  readonly pages: number;
}

/**
 * Returns the page for games that call {@linkcode postInspector}, as HTML. Serve it from the origin
 * of the game, without a `Content-Security-Policy` of your own: the page contains a stricter one.
 * Costs O(1).
 *
 * @example
 * ```ts
 * import { inspectorPage } from "@holdfast/resources/inspect";
 * import { assertStringIncludes } from "@std/assert";
 *
 * function answer(request: Request): Response {
 *   if (new URL(request.url).pathname !== "/inspect") return new Response(null, { status: 404 });
 *   return new Response(inspectorPage(), { headers: { "content-type": "text/html" } });
 * }
 * const page = await answer(new Request("http://localhost/inspect")).text();
 * assertStringIncludes(page, "<canvas");
 * ```
 */
export function inspectorPage(
  { channel = CHANNEL, title = "Holdfast, live" }: Pick<
    PostInspectorOptions,
    "channel" | "title"
  > = {},
): string {
  return livePage(title, { channel });
}

/** A page that asks for messages on the channel. */
interface Reader {
  readonly feed: LiveFeed;
  /** Whether it waits for a message. */
  waits: boolean;
  /** When it asked last. */
  asked: number;
}

class ChannelInspector implements PostedInspector {
  readonly #panel: Panel;
  readonly #channel: BroadcastChannel;
  /** Kept because a channel may deliver messages after `close()`. */
  #closed = false;
  readonly #game: string = crypto.randomUUID();
  /** By the names of their pages. */
  readonly #readers = new Map<string, Reader>();

  constructor(panel: Panel, name: string) {
    this.#panel = panel;
    try {
      this.#channel = new BroadcastChannel(name);
    } catch (error) {
      panel.stop();
      throw error;
    }
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    // Pages that wait for a game ask when they receive this, so that each game finds its pages.
    this.#post({});
  }

  get pages(): number {
    return this.#readers.size;
  }

  [Symbol.dispose](): void {
    this.#post({ gone: true });
    for (const page of [...this.#readers.keys()]) this.#leave(page);
    this.#panel.stop();
    this.#channel.close();
    this.#closed = true;
  }

  /** Ignores messages that others send on a channel of the same name. */
  #receive(data: unknown): void {
    if (this.#closed || !isObject(data)) return;
    const { page, game = this.#game, ask, key } = data as unknown as ChannelAsk;
    if (game !== this.#game || typeof page !== "string" || typeof ask !== "string") return;
    if (ask === "leave") return this.#leave(page);
    if (ask === "next") return this.#request(page);
    void this.#panel.act(ask, key).then((said) => this.#post({ to: page, said }));
  }

  #request(page: string): void {
    if (!this.#readers.has(page) && this.#readers.size === MOST_PAGES) return;
    const reader = this.#readers.get(page) ?? this.#enter(page);
    reader.asked = performance.now();
    reader.waits = true;
    this.#send(page, reader);
  }

  #enter(page: string): Reader {
    const feed = this.#panel.open(() => this.#send(page, reader));
    const reader: Reader = { feed, waits: false, asked: 0 };
    this.#readers.set(page, reader);
    return reader;
  }

  #leave(page: string): void {
    const reader = this.#readers.get(page);
    if (reader === undefined) return;
    this.#panel.close(reader.feed);
    this.#readers.delete(page);
  }

  /** Sends a page its next message, if it waits for one. */
  #send(page: string, reader: Reader): void {
    if (performance.now() - reader.asked > PATIENCE) return this.#leave(page);
    const message = reader.waits ? reader.feed.next() : undefined;
    if (message === undefined) return;
    reader.waits = false;
    this.#post({ to: page, message });
  }

  #post(answer: Omit<ChannelAnswer, "game">): void {
    if (this.#closed) return;
    this.#channel.postMessage({ game: this.#game, ...answer } satisfies ChannelAnswer);
  }
}
