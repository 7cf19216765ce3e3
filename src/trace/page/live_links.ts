/// <reference lib="dom" />
import type { Action, ChannelAnswer, ChannelAsk, LiveMessage } from "../live_data.ts";
import type { LiveLink } from "../page_data.ts";

/** How often a page that receives nothing asks again, in ms. */
const ASK_AGAIN = 1000;

/** Receives what a game sends. */
export interface Listener {
  hear(message: LiveMessage): void;
  /** The connection is lost. */
  lose(): void;
  /** The result of an action, as a sentence. */
  answer(text: string): void;
}

/**
 * A connection to a game. The page opens it before it builds its view, because both take a while.
 */
export interface Link {
  /** Must be called in the task that opened the link, so that no message is missed. */
  listen(listener: Listener): void;
  /** Asks the game to run an action. `key` is the selected resource, if there is one. */
  act(action: Action, key: string | undefined): void;
}

/** Connects to the server that has served this page, or to a game in another window. */
export function openLink({ channel }: LiveLink): Link {
  return channel === undefined ? new ServerLink() : new ChannelLink(channel);
}

class ServerLink implements Link {
  readonly #events = new EventSource("events");
  #listener: Listener | undefined;

  listen(listener: Listener): void {
    this.#listener = listener;
    this.#events.addEventListener("message", ({ data }) => listener.hear(JSON.parse(data)));
    this.#events.addEventListener("error", () => listener.lose());
  }

  async act(action: Action, key: string | undefined): Promise<void> {
    const query = new URLSearchParams({ action, ...(key !== undefined && { key }) });
    try {
      const response = await fetch(`act?${query}`, { method: "POST" });
      this.#listener?.answer(await response.text());
    } catch {
      this.#listener?.answer("The game does not answer");
    }
  }
}

class ChannelLink implements Link {
  readonly #channel: BroadcastChannel;
  #listener: Listener | undefined;
  readonly #page = crypto.randomUUID();
  /** The game that this page follows. */
  #game: string | undefined;
  #heard = 0;

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data as ChannelAnswer);
    addEventListener("pagehide", () => this.#ask("leave"));
    addEventListener("pageshow", () => this.#ask("next"));
    setInterval(() => this.#isSilent && this.#seek(), ASK_AGAIN);
    this.#ask("next");
  }

  listen(listener: Listener): void {
    this.#listener = listener;
  }

  act(action: Action, key: string | undefined): void {
    this.#ask(action, key);
  }

  get #isSilent(): boolean {
    return performance.now() - this.#heard > ASK_AGAIN;
  }

  /** Asks again, and all games: the game of this page may hang, or have ended without a message. */
  #seek(): void {
    this.#ask("next");
    if (this.#game !== undefined) this.#post({ page: this.#page, ask: "next" });
  }

  #hear({ game, to, message, said, gone }: ChannelAnswer): void {
    if (to === undefined) return gone ? this.#lose(game) : this.#meet();
    if (to !== this.#page) return;
    if (game !== this.#game && !this.#adopt(game, message)) return;
    this.#heard = performance.now();
    if (said !== undefined) this.#listener?.answer(said);
    if (message === undefined) return;
    this.#listener?.hear(message);
    if (!message.ended) this.#ask("next");
  }

  /** Follows another game if its first message came and the game of this page does not answer. */
  #adopt(game: string, message: LiveMessage | undefined): boolean {
    if (message?.begin === undefined || (this.#game !== undefined && !this.#isSilent)) return false;
    this.#game = game;
    return true;
  }

  /** A game has started: it may be the game of this page, reloaded. */
  #meet(): void {
    if (this.#game === undefined || this.#isSilent) this.#post({ page: this.#page, ask: "next" });
  }

  #lose(game: string): void {
    if (game !== this.#game) return;
    this.#game = undefined;
    this.#listener?.lose();
  }

  #ask(ask: ChannelAsk["ask"], key?: string): void {
    this.#post({ page: this.#page, game: this.#game, ask, key });
  }

  #post(ask: ChannelAsk): void {
    this.#channel.postMessage(ask);
  }
}
