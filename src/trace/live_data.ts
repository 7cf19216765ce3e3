import type { PageData, TraceBatch } from "./page_data.ts";

/** The actions that an open page may ask for. */
export const ACTIONS = ["unload", "trim", "reload", "collect"] as const;

/** One of {@linkcode ACTIONS}. */
export type Action = (typeof ACTIONS)[number];

/** A message to an open page. */
export interface LiveMessage {
  /** Everything from the start. The page drops what it had before. */
  readonly begin?: PageData;
  /** New events. */
  readonly more?: TraceBatch;
  /** More events wait, and follow at once. */
  readonly behind?: true;
  /** How many events this page has lost, because it read too slowly. */
  readonly dropped: number;
  /** The actions that the page may ask for. Comes with `begin`. */
  readonly actions?: readonly Action[];
  /** The manager is disposed, and this is the last message. */
  readonly ended?: true;
}

/** A request of a page on a channel. */
export interface ChannelAsk {
  /** The random name of the page. */
  readonly page: string;
  /** The game that the page follows; `undefined` while it looks for one. */
  readonly game?: string;
  /** Asks for the next message or an action, or says that the page was closed. */
  readonly ask: "next" | "leave" | Action;
  /** The selected resource. */
  readonly key?: string;
}

/** A message of a game on a channel. */
export interface ChannelAnswer {
  readonly game: string;
  /** The page that is addressed. Without it, the game tells all pages that it started or ended. */
  readonly to?: string;
  readonly message?: LiveMessage;
  /** The result of an action, as a sentence. */
  readonly said?: string;
  /** The game has ended. */
  readonly gone?: true;
}
