/// <reference lib="dom" />
import type { Action, ChannelAnswer, ChannelAsk, LiveMessage } from "../live_data.ts";
import type { LiveLink } from "../page_data.ts";

/** How often a page that hears nothing asks again, in ms. */
const ASK_AGAIN = 1000;

/** What a page does with what it hears. */
export interface Listener {
  hear(message: LiveMessage): void;
  /** Nothing more comes. */
  lose(): void;
  /** This has come of an action. */
  answer(text: string): void;
}

/** A way to a game. It is opened before there is anything to show, for that takes a while. */
export interface Link {
  /** Begins to listen, in the task in which it was opened: nothing has come before. */
  listen(listener: Listener): void;
  /** Asks the game to do something to the resource with that key, if there is one. */
  act(action: Action, key: string | undefined): void;
}

/** Opens the way to the server that has served this page, or to a game in another window. */
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
  /** The game that is followed. */
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

  /** Asks again; a game that was followed may have gone without a word, or hang. */
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

  /** Follows another game from its beginning on, if there is none that answers. */
  #adopt(game: string, message: LiveMessage | undefined): boolean {
    if (message?.begin === undefined || (this.#game !== undefined && !this.#isSilent)) return false;
    this.#game = game;
    return true;
  }

  /** A game is there: perhaps the one that was followed, after it was loaded again. */
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
