/// <reference lib="dom" />
import type { Action } from "../live_data.ts";
import { byId, make } from "./dom.ts";
import { plural, visible } from "./text.ts";

/** The state of the connection between a page and its game. */
export type Standing = "waiting" | "live" | "silent" | "lost" | "ended";

const STANDINGS: Readonly<Record<Standing, string>> = {
  waiting: "Waiting for the game",
  live: "Live",
  silent: "The game does not answer: it is busy, stopped or hidden",
  lost: "The game or its panel has ended. This is its last state",
  ended: "The manager was disposed. This is its last state",
};

const BUTTONS: Readonly<Record<Action, readonly [text: string, title: string]>> = {
  unload: ["Unload idle", "Unload all idle resources"],
  trim: ["Trim to half", "Evict what has been idle longest, until half of the bytes are in memory"],
  reload: ["Reload", "Load the selected resource again"],
  collect: ["Collect garbage", "Leaks are found when the garbage collector has run"],
};

/** The line of a live page that shows the state of the connection and the buttons. */
export class LivePanel {
  readonly #standing = byId("standing");
  readonly #lost = byId("lost");
  readonly #said = byId("said");
  readonly #buttons = byId("actions");
  readonly #act: (action: Action) => void;
  #shown: Standing | undefined;

  /** Calls `act` when a button is pressed. */
  constructor(act: (action: Action) => void) {
    this.#act = act;
    byId("live").hidden = false;
    this.say("waiting");
  }

  /** Shows the state of the connection, and how many events the page has lost, if that is known. */
  say(standing: Standing, dropped?: number): void {
    if (dropped !== undefined) {
      this.#lost.hidden = dropped === 0;
      this.#lost.textContent =
        `${plural(dropped, "event")} came faster than this page could read ` +
        "and were lost. Everything was sent again since then";
    }
    if (standing === this.#shown) return;
    this.#shown = standing;
    this.#standing.textContent = STANDINGS[standing];
    byId("live").className = standing;
  }

  /** Shows the buttons that the game allows. */
  offer(actions: readonly Action[]): void {
    this.#buttons.replaceChildren(...actions.map((action) => {
      const [text, title] = BUTTONS[action];
      const button = make("button", "", text);
      button.title = title;
      button.addEventListener("click", () => this.#act(action));
      return button;
    }));
  }

  /** Shows the result of an action. */
  answer(text: string): void {
    this.#said.textContent = visible(text);
  }
}
