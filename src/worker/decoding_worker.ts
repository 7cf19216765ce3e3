import { afterAlive, type Clock } from "../contract/clock.ts";
import { messageOf } from "../contract/errors.ts";
import { printable } from "../contract/printable.ts";
import type { Job } from "./job.ts";
import { type Answer, mark, type Order, unmark } from "./messages.ts";
import { unpackError } from "./sent_error.ts";
import { closeAll } from "./moved.ts";

/** How a worker is started, and the callbacks for what happens to it. */
export interface WorkerPlan {
  /** The worker's name in messages. */
  readonly label: string;
  readonly startTimeout: number;
  readonly abortTimeout: number;
  readonly clock: Clock;
  /** Starts the thread. */
  readonly open: () => Worker;
  /** Called when the worker can take a job: it has started, or finished another one. */
  readonly onFree: () => void;
  /** Called when the worker has ended by itself, after its job has failed. */
  readonly onEnd: (worker: DecodingWorker, error: Error) => void;
}

/** A worker, which runs one job at a time. */
export class DecodingWorker {
  /** Whether its module has called `serveDecoder`. */
  hasStarted = false;
  readonly #plan: WorkerPlan;
  #worker: Worker | undefined;
  #isOver = false;
  /** The job that runs in the worker. It may have been withdrawn. */
  #job: Job | undefined;
  /** The number of that job. */
  #id = 0;
  /** Runs while the worker starts, and while it runs a withdrawn job. */
  #timer: Disposable | undefined;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
    const { clock, startTimeout } = plan;
    // It keeps the process alive, because the thread may end without an event.
    this.#timer = afterAlive(clock, startTimeout, () => this.#tooSlow());
  }

  /** Starts the thread. If that fails, the worker ends at once. */
  start(): void {
    try {
      this.#worker = this.#plan.open();
    } catch (error) {
      return this.#crash(`does not start: ${messageOf(error)}`, error);
    }
    this.#worker.addEventListener("message", ({ data }) => {
      const answer = unmark<Answer>(data);
      if (answer !== undefined) this.#take(answer);
    });
    this.#worker.addEventListener("messageerror", () => {
      this.#crash("sent an unreadable message", undefined);
    });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      const reason = oneLine(event.message ?? "") || "its module cannot be loaded";
      this.#crash(`${this.hasStarted ? "crashed" : "does not start"}: ${reason}`, event.error);
    });
  }

  /** Whether the worker can take a job. */
  get isFree(): boolean {
    return this.hasStarted && !this.#isOver && this.#job === undefined;
  }

  /** Moves the bytes of a job to the worker. */
  run(job: Job): void {
    const { bytes, request } = job;
    const id = ++this.#id;
    try {
      // A part of a larger buffer is copied, because the rest of that buffer may be in use.
      const own = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
      this.#send({ kind: "decode", id, bytes: own, request }, [own.buffer]);
      this.#job = job;
    } catch (cause) {
      const problem = bytes.buffer.detached
        ? "its bytes were moved to a worker before, a source must return a new buffer for each read"
        : `its bytes cannot be moved to a worker: ${messageOf(cause)}`;
      job.fail(new TypeError(problem, { cause }));
    }
  }

  /** Moves `buffer` to the worker, which frees it. */
  free(buffer: ArrayBuffer): void {
    this.#send({ kind: "free", buffer }, [buffer]);
  }

  /** Asks the worker to stop `job`, if it runs that. It is ended if it does not stop in time. */
  abort(job: Job): void {
    if (this.#job !== job) return;
    this.#send({ kind: "abort", id: this.#id });
    const { clock, abortTimeout } = this.#plan;
    this.#timer = clock.after(abortTimeout, () => {
      this.#crash(`did not stop within ${abortTimeout} ms after its load was withdrawn`, undefined);
    });
  }

  /** Ends the thread. Its job fails with `reason`. */
  end(reason: unknown): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#worker?.terminate();
    this.#job?.fail(reason);
    this.#job = undefined;
  }

  #send(order: Order, moved: Transferable[] = []): void {
    this.#worker!.postMessage(mark(order), moved);
  }

  #take(answer: Answer): void {
    if (this.#isOver) return; // it was sent before the thread was ended
    if (answer.kind === "ready") this.#started();
    else if (answer.kind === "crashed") this.#crashedBy(unpackError(answer.error));
    else if (this.#job === undefined || answer.id !== this.#id) closeResult(answer);
    else this.#finish(this.#job, answer);
  }

  #started(): void {
    if (this.hasStarted) return;
    this.#stopTimer();
    this.hasStarted = true;
    this.#plan.onFree();
  }

  #finish(job: Job, answer: Answer & { kind: "done" | "failed" }): void {
    this.#stopTimer();
    this.#job = undefined;
    if (!job.wanted) closeResult(answer);
    else if (answer.kind === "done") job.done(answer.result);
    else job.fail(unpackError(answer.error));
    this.#plan.onFree();
  }

  #crashedBy(error: Error): void {
    this.#crash(`crashed: ${error.message}`, error);
  }

  #tooSlow(): void {
    const { startTimeout } = this.#plan;
    const problem = `its module has not called serveDecoder within ${startTimeout} ms`;
    this.#crash(`does not start: ${problem}`, undefined);
  }

  #crash(problem: string, cause: unknown): void {
    if (this.#isOver) return;
    const { label, onEnd } = this.#plan;
    const error = new Error(`${label} ${problem}`, cause == null ? undefined : { cause });
    this.end(error);
    onEnd(this, error);
  }

  #stopTimer(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}

/** Puts a runtime's message on one line, and removes its colours. */
function oneLine(message: string): string {
  // deno-lint-ignore no-control-regex
  return printable(message.replaceAll(/\x1b\[[\d;]*m/g, "").replaceAll(/\s+/g, " ").trim());
}

function closeResult(answer: Answer): void {
  if (answer.kind === "done") closeAll(answer.result);
}
