import type { SentError } from "./sent_error.ts";

/** Marks messages of this library, because the worker's module may send messages of its own. */
const MARK = "@holdfast/resources/worker";

/** The load that a worker decodes for. */
export interface RequestParts {
  readonly key: string;
  readonly path: string;
  readonly variant: string;
  readonly part: string;
}

/** A message to a worker. */
export type Order =
  | {
    readonly kind: "decode";
    readonly id: number;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly request: RequestParts;
  }
  | { readonly kind: "abort"; readonly id: number }
  | { readonly kind: "free"; readonly buffer: ArrayBuffer };

/** A message from a worker. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: SentError }
  | { readonly kind: "crashed"; readonly error: SentError };

/** Wraps a message to be sent. */
export function mark<T extends Order | Answer>(content: T): { readonly [MARK]: T } {
  return { [MARK]: content };
}

/** Returns what {@linkcode mark} has wrapped; `undefined` for other messages. */
export function unmark<T extends Order | Answer>(message: unknown): T | undefined {
  return (message as { [MARK]?: T } | null | undefined)?.[MARK];
}
