import { partsOf } from "../names/key.ts";
import type { RequestParts } from "./messages.ts";

/** What is wanted besides bytes: a part of a loader's context. */
export interface JobContext {
  readonly key: string;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** How urgent it is, now. */
  readonly priority?: unknown;
}

/** From the most to the least urgent. What is neither is in the middle. */
const RANKS: ReadonlyMap<unknown, number> = new Map([["high", 0], ["low", 2]]);
const MIDDLE = 1;

/** One file that is to be decoded. */
export class Job {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #context: JobContext;
  readonly #end = Promise.withResolvers<unknown>();
  #onAbort: (() => void) | undefined;

  /** Calls `withdraw` when nobody waits for it any more. */
  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    context: JobContext,
    withdraw: (job: Job) => void,
  ) {
    this.bytes = bytes;
    this.#context = context;
    this.#onAbort = () => {
      this.fail(context.signal.reason);
      withdraw(this);
    };
    context.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** What comes of it. */
  get result(): Promise<unknown> {
    return this.#end.promise;
  }

  /** Whether somebody still waits for it. */
  get wanted(): boolean {
    return this.#onAbort !== undefined;
  }

  /** What the worker's thread gets to know about it. */
  get request(): RequestParts {
    const { key } = this.#context;
    return { key, ...partsOf(key) };
  }

  /** Less is more urgent. It may change while it waits. */
  get rank(): number {
    return RANKS.get(this.#context.priority) ?? MIDDLE;
  }

  done(result: unknown): void {
    this.#settle();
    this.#end.resolve(result);
  }

  fail(reason: unknown): void {
    this.#settle();
    this.#end.reject(reason);
  }

  #settle(): void {
    if (this.#onAbort === undefined) return;
    this.#context.signal.removeEventListener("abort", this.#onAbort);
    this.#onAbort = undefined;
  }
}

/** The most urgent of those that wait; of equally urgent ones, the first. O(jobs). */
export function mostUrgent(jobs: Iterable<Job>): Job | undefined {
  let best: Job | undefined;
  let least = Infinity;
  for (const job of jobs) {
    const { rank } = job;
    if (rank >= least) continue;
    [best, least] = [job, rank];
    if (rank === 0) break;
  }
  return best;
}
