import { isObject } from "../contract/is_object.ts";
import type { ResourceManager } from "../manager.ts";
import type { ChannelAnswer, ChannelAsk } from "../trace/live_data.ts";
import { livePage } from "./live_page.ts";
import type { LiveFeed } from "./live_feed.ts";
import type { InspectorOptions } from "./options.ts";
import { Panel } from "./panel.ts";

const CHANNEL = "holdfast";
/** A page that has asked for nothing for so long is gone, in ms: it asks again after each message. */
const PATIENCE = 10_000;
/** No more pages than somebody has open. */
const MOST_PAGES = 16;

/**
 * How {@linkcode postInspector} posts.
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
   * The name of the `BroadcastChannel` by which the game and its pages find each other.
   *
   * @default {"holdfast"}
   */
  channel?: string;
}

/**
 * Shows what happens to the resources of `manager` in other windows of the same browser and origin,
 * that show {@linkcode inspectorPage}: for games in a browser. Works in every runtime that has
 * `BroadcastChannel`, and ends when the result is disposed.
 *
 * A page may be opened before the game or later, and finds the game again after it was reloaded. Costs
 * what {@linkcode serveInspector} costs.
 *
 * @throws {RangeError} `maxEvents` is not a positive whole number.
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
 * A manager that is shown in other windows, by {@linkcode postInspector}.
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
 * panel[Symbol.dispose](); // pages that are open say so, and keep what they show
 * ```
 */
export interface PostedInspector extends Disposable {
  /** How many pages follow the manager now. */
  readonly pages: number;
}

/**
 * The page for games that call {@linkcode postInspector}, as HTML: serve it from the origin of the
 * game, without a security policy of your own, for it brings a stricter one. Costs O(1).
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

/** A page that asks by the channel. */
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
  /** A channel may hear what was sent before it was closed. */
  #closed = false;
  readonly #game: string = crypto.randomUUID();
  /** By the names of their pages. */
  readonly #readers = new Map<string, Reader>();

  constructor(panel: Panel, name: string) {
    this.#panel = panel;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    // Pages that wait for a game ask now. What they have missed they ask again.
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

  /** Others may use a channel of the same name: what they say is no question. */
  #hear(said: unknown): void {
    if (this.#closed || !isObject(said)) return;
    const { page, game = this.#game, ask, key } = said as unknown as ChannelAsk;
    if (game !== this.#game || typeof page !== "string" || typeof ask !== "string") return;
    if (ask === "leave") return this.#leave(page);
    if (ask === "next") return this.#next(page);
    void this.#panel.act(ask, key).then((said) => this.#post({ to: page, said }));
  }

  #next(page: string): void {
    if (!this.#readers.has(page) && this.#readers.size === MOST_PAGES) return;
    const reader = this.#readers.get(page) ?? this.#enter(page);
    reader.asked = performance.now();
    reader.waits = true;
    this.#tell(page, reader);
  }

  #enter(page: string): Reader {
    const feed = this.#panel.open(() => this.#tell(page, reader));
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

  /** Tells a page what there is, if it waits for that. */
  #tell(page: string, reader: Reader): void {
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
