import { partsOf } from "../names/key.ts";
import type { RequestParts } from "./messages.ts";

/** The parts of a loader's context that a job needs. */
export interface JobContext {
  readonly key: string;
  /** Aborts when no load waits for the job any more. */
  readonly signal: AbortSignal;
  /** The current priority. It may change while the job waits. */
  readonly priority?: unknown;
}

/** The ranks of priorities: the lowest is the most urgent. */
const RANKS: ReadonlyMap<unknown, number> = new Map([["high", 0], ["low", 2]]);
const MIDDLE = 1;

/** A file to decode. */
export class Job {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #context: JobContext;
  readonly #end = Promise.withResolvers<unknown>();
  #onAbort: (() => void) | undefined;

  /** Calls `withdraw` when the context's signal aborts before the job has settled. */
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

  /** Resolves to the decoder's result. */
  get result(): Promise<unknown> {
    return this.#end.promise;
  }

  /** Whether the job was neither settled nor withdrawn. */
  get wanted(): boolean {
    return this.#onAbort !== undefined;
  }

  /** The part of the context that is sent to the worker. */
  get request(): RequestParts {
    const { key } = this.#context;
    return { key, ...partsOf(key) };
  }

  /** The lowest rank is the most urgent. It may change while the job waits. */
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

/** Returns the most urgent job; of equally urgent ones, the first. O(jobs). */
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
