import { systemClock } from "../contract/clock.ts";
import { quote } from "../contract/printable.ts";
import { DecodingWorker } from "./decoding_worker.ts";
import { Job, type JobContext, mostUrgent } from "./job.ts";
import type { WorkerModule, WorkerOptions } from "./options.ts";

/** How much of a module's URL is in messages: a `data:` URL may be long. */
const MAX_LABEL = 120;
/** How many workers there are at most unless the options say otherwise. */
const MAX_WORKERS = 4;

/** From so many bytes on it takes long to free a buffer: 3 ms for 16 MiB, on a slow machine. */
const LARGE = 2 ** 20;

/** What a pool is made of. */
export interface PoolPlan extends WorkerOptions {
  /** What is created, for messages. */
  readonly creator: string;
  readonly module: WorkerModule;
}

/**
 * Workers that decode. They start when there is something to do, and end when there has been nothing
 * for a while. Bytes are moved to a worker when it is free, so that few are in two places.
 */
export class WorkerPool implements Disposable, AsyncDisposable {
  readonly #plan: Required<PoolPlan>;
  readonly #workers = new Set<DecodingWorker>();
  /** In the order in which they came. */
  readonly #waiting = new Set<Job>();
  /** How many workers it may start. */
  #limit: number;
  /** Runs while no worker has anything to do. */
  #idle: Disposable | undefined;
  #disposed = false;

  /**
   * Starts no worker yet.
   *
   * @throws {RangeError} An option is not a number as it has to be.
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

  /** Decodes `bytes` in a worker. Rejects with what the decoder throws, or with the signal's reason. */
  decode(bytes: Uint8Array<ArrayBuffer>, context: JobContext): Promise<unknown> {
    if (this.#disposed) return Promise.reject(this.#ended());
    if (context.signal.aborted) return Promise.reject(context.signal.reason);
    const job = new Job(bytes, context, (job) => this.#withdraw(job));
    this.#waiting.add(job);
    this.#next();
    return job.result;
  }

  /** Frees a buffer that nobody needs any more. A large one goes to a worker, to be freed in its thread. */
  free(buffer: ArrayBuffer): void {
    const worker = [...this.#workers].find(({ hasStarted }) => hasStarted);
    if (worker === undefined || buffer.byteLength < LARGE) buffer.transfer(0);
    else worker.free(buffer);
  }

  /** Ends all workers. Loads that wait for them fail. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#endAll(this.#ended());
  }

  /** The same: nothing has to be waited for. */
  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Gives work to the workers that are free, and starts others if there is more. */
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

  /** How many workers have not started yet. */
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

  /** A worker has ended by itself. Another one is started when there is something to do. */
  #lost(worker: DecodingWorker, error: Error): void {
    this.#workers.delete(worker);
    if (!worker.hasStarted) {
      // Others that have started can do it alone. If there are none, none will start.
      if ([...this.#workers].some(({ hasStarted }) => hasStarted)) this.#limit = this.#workers.size;
      else this.#failWaiting(error);
    }
    this.#next();
  }

  #withdraw(job: Job): void {
    if (this.#waiting.delete(job)) return;
    for (const worker of this.#workers) worker.abort(job);
  }

  /** Nothing is to do: the workers end after a while, for they keep the process alive. */
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

/** One thread is left to the game. */
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

/** What workers are called in messages. */
function labelOf(module: WorkerModule): string {
  if (typeof module === "function") return "its worker";
  const url = String(module);
  return `its worker ${quote(url.length > MAX_LABEL ? `${url.slice(0, MAX_LABEL)}…` : url)}`;
}
