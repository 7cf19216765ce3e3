/** Where a leak is planted, and the words for what is there: all are source text. */
export interface Site {
  /** Which example it is. */
  readonly example: string;
  /** The file that is edited, from the root. */
  readonly file: string;
  /** The statements that make way for the planted ones, */
  readonly anchor: string;
  /** and which of them stay, before those. */
  readonly stays: string;
  /** What is written in another way, so that the scene is over sooner. */
  readonly sooner?: readonly [long: string, short: string];
  /** The manager, */
  readonly mgr: string;
  /** the names of two resources, which are in memory, as literals, */
  readonly name: string;
  readonly other: string;
  /** what they are loaded as, */
  readonly type: string;
  /** and the type of their values. */
  readonly value: string;
  /** A number that a value has. */
  readonly number: string;
  /** Whether its programmers use strict mode, and say `keep` of what an object owns. */
  readonly keeps: boolean;
  /** A statement that uses a handle as the example does. */
  use(handle: string): string;
}

/** Text in place of an anchor, and what it needs at the end of the file. */
export interface Edit {
  readonly body: string;
  readonly module?: string;
}

/** One way to leak, and the same done right. */
export interface Kind {
  readonly name: string;
  planted(site: Site): Edit;
  twin(site: Site): Edit;
}

/** What an object owns, as the programmers of the example write it. */
export function owned({ keeps }: Site, handle: string): string {
  return keeps ? `keep(${handle})` : handle;
}
