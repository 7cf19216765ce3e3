import { systemClock } from "../contract/clock.ts";
import { quote } from "../contract/printable.ts";
import { DecodingWorker } from "./decoding_worker.ts";
import { Job, type JobContext, mostUrgent } from "./job.ts";
import type { WorkerModule, WorkerOptions } from "./options.ts";

/** How many characters of a module's URL a message shows: a `data:` URL may be long. */
const MAX_LABEL = 120;
/** The largest number of workers, unless the option `workers` says otherwise. */
const MAX_WORKERS = 4;

/** Buffers from this size on, in bytes, are freed in a worker: 16 MiB take 3 ms on a slow machine. */
const LARGE = 2 ** 20;

/** How a pool is made. */
export interface PoolPlan extends WorkerOptions {
  /** The name of what has the pool, for messages. */
  readonly creator: string;
  readonly module: WorkerModule;
}

/**
 * Decodes in workers. They start when a job waits, and end after they were idle for a while. Bytes are
 * moved to a worker only when it is free, so that waiting jobs can still be withdrawn or reordered.
 */
export class WorkerPool implements Disposable, AsyncDisposable {
  readonly #plan: Required<PoolPlan>;
  readonly #workers = new Set<DecodingWorker>();
  /** The jobs that wait, in the order in which they came. */
  readonly #waiting = new Set<Job>();
  /** The largest number of workers at once. Lower than the option after some of them did not start. */
  #limit: number;
  /** Runs while all workers are idle. */
  #idle: Disposable | undefined;
  #disposed = false;

  /**
   * Creates the pool. Does not start a worker yet.
   *
   * @throws {RangeError} `workers` is not a whole number above 0, or a time is negative or not a number.
   */
  constructor(plan: PoolPlan) {
    this.#plan = {
      creator: plan.creator,
      module: plan.module,
      workers: plan.workers ?? defaultWorkers(),
      startTimeout: plan.startTimeout ?? 30_000,
      abortTimeout: plan.abortTimeout ?? 5_000,
      idleTimeout: plan.idleTimeout ?? 5_000,
      clock: plan.clock ?? systemClock,
    };
    assertNumbers(this.#plan);
    this.#limit = this.#plan.workers;
  }

  /** Decodes `bytes` in a worker. Rejects with the decoder's error, or with the signal's reason. */
  decode(bytes: Uint8Array<ArrayBuffer>, context: JobContext): Promise<unknown> {
    if (this.#disposed) return Promise.reject(this.#ended());
    if (context.signal.aborted) return Promise.reject(context.signal.reason);
    const job = new Job(bytes, context, (job) => this.#withdraw(job));
    this.#waiting.add(job);
    this.#next();
    return job.result;
  }

  /** Frees a buffer. A large one is moved to a worker, so that the main thread does not wait for it. */
  free(buffer: ArrayBuffer): void {
    const worker = [...this.#workers].find(({ hasStarted }) => hasStarted);
    if (worker === undefined || buffer.byteLength < LARGE) buffer.transfer(0);
    else worker.free(buffer);
  }

  /** Ends all workers. Jobs that wait or run fail. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#endAll(this.#ended());
  }

  /** Like `[Symbol.dispose]`: there is nothing to wait for. */
  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Runs jobs in the free workers, and starts other workers for the rest. */
  #next(): void {
    this.#stopIdling();
    for (const worker of this.#workers) {
      while (worker.isFree && this.#waiting.size > 0) {
        const job = mostUrgent(this.#waiting)!;
        this.#waiting.delete(job);
        worker.run(job);
      }
    }
    while (this.#waiting.size > this.#starting && this.#workers.size < this.#limit) this.#start();
    if (this.#waiting.size === 0 && [...this.#workers].every(({ isFree }) => isFree)) this.#rest();
  }

  /** How many workers are still starting. */
  get #starting(): number {
    return [...this.#workers].filter(({ hasStarted }) => !hasStarted).length;
  }

  #start(): void {
    const { module, startTimeout, abortTimeout, clock } = this.#plan;
    const worker = new DecodingWorker({
      label: labelOf(module),
      startTimeout,
      abortTimeout,
      clock,
      open: () => openWorker(module),
      onFree: () => this.#next(),
      onEnd: (worker, error) => this.#lost(worker, error),
    });
    this.#workers.add(worker);
    worker.start();
  }

  /** Removes a worker that has ended by itself. Others run its jobs, or are started for them. */
  #lost(worker: DecodingWorker, error: Error): void {
    this.#workers.delete(worker);
    if (!worker.hasStarted) {
      // The workers that have started are enough. If there are none, the module cannot run.
      if ([...this.#workers].some(({ hasStarted }) => hasStarted)) this.#limit = this.#workers.size;
      else this.#failWaiting(error);
    }
    this.#next();
  }

  #withdraw(job: Job): void {
    if (this.#waiting.delete(job)) return;
    for (const worker of this.#workers) worker.abort(job);
  }

  /** Ends the idle workers after a while, because they keep the process alive. */
  #rest(): void {
    if (this.#workers.size === 0) return;
    const { clock, idleTimeout } = this.#plan;
    this.#idle = clock.after(idleTimeout, () => this.#endAll(undefined));
  }

  #stopIdling(): void {
    this.#idle?.[Symbol.dispose]();
    this.#idle = undefined;
  }

  #endAll(reason: unknown): void {
    this.#stopIdling();
    this.#failWaiting(reason);
    for (const worker of this.#workers) worker.end(reason);
    this.#workers.clear();
    this.#limit = this.#plan.workers;
  }

  #failWaiting(reason: unknown): void {
    const jobs = [...this.#waiting];
    this.#waiting.clear();
    for (const job of jobs) job.fail(reason);
  }

  #ended(): ReferenceError {
    return new ReferenceError("its workers are disposed, dispose the manager before them");
  }
}

/** All threads but one, which is left to the game. */
function defaultWorkers(): number {
  const threads = globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.min(MAX_WORKERS, Math.max(1, threads - 1));
}

function assertNumbers(plan: Required<PoolPlan>): void {
  const assert = (
    name: "workers" | `${string}Timeout` & keyof PoolPlan,
    is: boolean,
    what: string,
  ) => {
    if (is) return;
    throw new RangeError(
      `Cannot create ${plan.creator}: "${name}" must be ${what}: received ${quote(plan[name])}`,
    );
  };
  const { workers } = plan;
  assert("workers", Number.isSafeInteger(workers) && workers > 0, "a whole number above 0");
  for (const name of ["startTimeout", "abortTimeout", "idleTimeout"] as const) {
    const value: unknown = plan[name];
    assert(name, typeof value === "number" && value >= 0, "a number of milliseconds, 0 or more");
  }
}

function openWorker(module: WorkerModule): Worker {
  return typeof module === "function" ? module() : new Worker(module, { type: "module" });
}

/** The name of the workers in messages. */
function labelOf(module: WorkerModule): string {
  if (typeof module === "function") return "its worker";
  const url = String(module);
  return `its worker ${quote(url.length > MAX_LABEL ? `${url.slice(0, MAX_LABEL)}…` : url)}`;
}
