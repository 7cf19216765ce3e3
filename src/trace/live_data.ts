import type { PageData, TraceBatch } from "./page_data.ts";

/** What a page that is open may ask of a manager. */
export const ACTIONS = ["unload", "trim", "reload", "collect"] as const;

/** One of {@linkcode ACTIONS}. */
export type Action = (typeof ACTIONS)[number];

/** What a page that is open is told, again and again. */
export interface LiveMessage {
  /** All that is known. The page forgets what it knew before. */
  readonly begin?: PageData;
  /** What has come since. */
  readonly more?: TraceBatch;
  /** More is there already, and follows at once. */
  readonly behind?: true;
  /** How many events were lost on the way to this page, because it read too slowly. */
  readonly dropped: number;
  /** What the page may ask for: with `begin`. */
  readonly actions?: readonly Action[];
  /** The manager is disposed, and this is the last message. */
  readonly ended?: true;
}

/** What a page asks by a channel. */
export interface ChannelAsk {
  /** The page, by a random name. */
  readonly page: string;
  /** The game that it follows; at first it does not know one. */
  readonly game?: string;
  /** The next message; or an action; or that it is closed. */
  readonly ask: "next" | "leave" | Action;
  /** The selected resource. */
  readonly key?: string;
}

/** What a game tells by a channel. */
export interface ChannelAnswer {
  readonly game: string;
  /** The page that is meant; without it, all are: the game is there, or has gone. */
  readonly to?: string;
  readonly message?: LiveMessage;
  /** What came of an action. */
  readonly said?: string;
  readonly gone?: true;
}
