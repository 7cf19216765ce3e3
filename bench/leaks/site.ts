/** A place to plant leaks in, and the source text that the planted code needs there. */
export interface Site {
  /** The name of the example. */
  readonly example: string;
  /** The edited file, relative to the root. */
  readonly file: string;
  /** The statements that the planted code replaces. */
  readonly anchor: string;
  /** The part of them that stays, before the planted code. */
  readonly stays: string;
  /** A replacement that makes the scene shorter. */
  readonly sooner?: readonly [long: string, short: string];
  /** The expression for the manager. */
  readonly mgr: string;
  /** The names of two resident resources, as string literals. */
  readonly name: string;
  readonly other: string;
  /** The class that they are loaded as. */
  readonly type: string;
  /** The type of their values. */
  readonly value: string;
  /** A property of the values that is a number. */
  readonly number: string;
  /** Whether the example uses strict mode, with `keep` for handles that an object owns. */
  readonly keeps: boolean;
  /** A statement that uses a handle as the example does. */
  use(handle: string): string;
}

/** The text that replaces an anchor, and code for the end of the file. */
export interface Edit {
  readonly body: string;
  readonly module?: string;
}

/** One kind of leak, and the same code without the leak. */
export interface Kind {
  readonly name: string;
  planted(site: Site): Edit;
  twin(site: Site): Edit;
}

/** A handle that an object owns, as the example writes it. */
export function owned({ keeps }: Site, handle: string): string {
  return keeps ? `keep(${handle})` : handle;
}
