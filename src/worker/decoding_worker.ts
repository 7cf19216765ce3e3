import { afterAlive, type Clock } from "../contract/clock.ts";
import { messageOf } from "../contract/errors.ts";
import { printable } from "../contract/printable.ts";
import type { Job } from "./job.ts";
import { type Answer, mark, type Order, unmark } from "./messages.ts";
import { unpackError } from "./sent_error.ts";
import { closeAll } from "./moved.ts";

/** What a worker is started with, and whom it tells. */
export interface WorkerPlan {
  /** What it is called in messages. */
  readonly label: string;
  readonly startTimeout: number;
  readonly abortTimeout: number;
  readonly clock: Clock;
  /** Starts the thread. */
  readonly open: () => Worker;
  /** It can take a job: it has started, or is done with another one. */
  readonly onFree: () => void;
  /** It has ended, and not by {@linkcode DecodingWorker.end}. Its job has failed already. */
  readonly onEnd: (worker: DecodingWorker, error: Error) => void;
}

/** One worker: it takes one job at a time. */
export class DecodingWorker {
  /** Whether its module has called `serveDecoder`. */
  hasStarted = false;
  readonly #plan: WorkerPlan;
  #worker: Worker | undefined;
  #isOver = false;
  /** The job that it is at, though perhaps nobody wants that any more. */
  #job: Job | undefined;
  /** The number of that job. */
  #id = 0;
  /** Runs while it starts, and while it is at what nobody wants. */
  #timer: Disposable | undefined;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
    const { clock, startTimeout } = plan;
    // The thread may have ended in silence, and then nothing else keeps the process waiting.
    this.#timer = afterAlive(clock, startTimeout, () => this.#tooSlow());
  }

  /** Starts the thread. It may end at once. */
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
      this.#crash("gave what cannot be received", undefined);
    });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      const reason = oneLine(event.message ?? "") || "its module cannot be loaded";
      this.#crash(`${this.hasStarted ? "crashed" : "does not start"}: ${reason}`, event.error);
    });
  }

  /** Whether it can take a job. */
  get isFree(): boolean {
    return this.hasStarted && !this.#isOver && this.#job === undefined;
  }

  /** Moves the bytes of a job to the worker. */
  run(job: Job): void {
    const { bytes, request } = job;
    const id = ++this.#id;
    try {
      // A part of a larger buffer is copied: the rest of that may be somebody's.
      const own = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
      this.#send({ kind: "decode", id, bytes: own, request }, [own.buffer]);
      this.#job = job;
    } catch (cause) {
      const problem = bytes.buffer.detached
        ? "its bytes were moved to a worker before, a source must give a buffer of its own to each read"
        : `its bytes cannot be moved to a worker: ${messageOf(cause)}`;
      job.fail(new TypeError(problem, { cause }));
    }
  }

  /** Moves `buffer` to the worker, which frees it. */
  free(buffer: ArrayBuffer): void {
    this.#send({ kind: "free", buffer }, [buffer]);
  }

  /** Nobody wants `job` any more. If it is at it, it has some time to stop. */
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
    if (this.#isOver) return; // it was on its way when the thread was ended
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

/** What a runtime says, on one line and without the colours that it has for terminals. */
function oneLine(message: string): string {
  // deno-lint-ignore no-control-regex
  return printable(message.replaceAll(/\x1b\[[\d;]*m/g, "").replaceAll(/\s+/g, " ").trim());
}

function closeResult(answer: Answer): void {
  if (answer.kind === "done") closeAll(answer.result);
}
