import type { Handle } from "../contract/handle.ts";
import type { LoadTask } from "../contract/task.ts";

function ignore(): void {}

/** What a task has only while it waits. */
export class Waiting<T> {
  resolve: (handle: Handle<T>) => void = ignore;
  reject: (reason: unknown) => void = ignore;

  /** Called once, before the task is settled in whatever way. */
  served(): void {}
}

/** The task. It owns its handle until somebody else disposes that, or the task is disposed. */
export class PendingLoad<T> extends Promise<Handle<T>> implements LoadTask<T> {
  #handle: Handle<T> | undefined;
  #waiting: Waiting<T> | undefined;

  /**
   * `await` takes a promise as it is only if its constructor is `Promise`; any other costs two more
   * turns. It also makes the result of then() a plain promise.
   */
  override get ["constructor"](): typeof Promise {
    return Promise;
  }

  /** Starts with a handle, or waits for {@linkcode fulfil} or {@linkcode fail}. */
  constructor(handle: Handle<T> | undefined, waiting?: Waiting<T>) {
    super((resolve, reject) => {
      if (waiting === undefined) return resolve(handle!);
      waiting.resolve = resolve;
      waiting.reject = reject;
    });
    this.#handle = handle;
    this.#waiting = waiting;
  }

  /** A task that has failed already: `loadAsync` never throws. */
  static failed<T>(reason: unknown): PendingLoad<T> {
    const task = new PendingLoad<T>(undefined, new Waiting());
    task.fail(reason);
    return task;
  }

  /** Whether it still waits. */
  get pending(): boolean {
    return this.#waiting !== undefined;
  }

  fulfil(handle: Handle<T>): void {
    this.#handle = handle;
    this.#settle()?.resolve(handle);
  }

  fail(reason: unknown): void {
    this.#settle()?.reject(reason);
  }

  /** Fails for a reason that nobody has to handle: it was somebody's wish. */
  withdraw(reason: unknown): void {
    this.catch(ignore);
    this.fail(reason);
  }

  #settle(): Waiting<T> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.served();
    return waiting;
  }

  [Symbol.dispose](): void {
    if (this.pending) this.withdraw(new DOMException("The load was withdrawn", "AbortError"));
    else this.#handle?.[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this[Symbol.dispose]();
  }
}
