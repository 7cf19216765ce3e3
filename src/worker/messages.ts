import type { SentError } from "./sent_error.ts";

/** Marks what this library sends: the module of a worker may send messages of its own. */
const MARK = "@holdfast/resources/worker";

/** What is known of a load in the worker's thread. */
export interface RequestParts {
  readonly key: string;
  readonly path: string;
  readonly variant: string;
  readonly part: string;
}

/** What a worker is told. */
export type Order =
  | {
    readonly kind: "decode";
    readonly id: number;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly request: RequestParts;
  }
  | { readonly kind: "abort"; readonly id: number }
  | { readonly kind: "free"; readonly buffer: ArrayBuffer };

/** What a worker says. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: SentError }
  | { readonly kind: "crashed"; readonly error: SentError };

/** Wraps what is to be sent. */
export function mark<T extends Order | Answer>(content: T): { readonly [MARK]: T } {
  return { [MARK]: content };
}

/** What was wrapped by {@linkcode mark}; `undefined` of a message of somebody else. */
export function unmark<T extends Order | Answer>(message: unknown): T | undefined {
  return (message as { [MARK]?: T } | null | undefined)?.[MARK];
}
