import { isWithdrawn, noteWithdrawal, withdrawalOf } from "../contract/withdrawal.ts";
import type { Handle } from "../contract/handle.ts";
import type { LoadTask } from "../contract/task.ts";

function ignore(): void {}

/** What a task needs only while it waits. */
export class Waiting<T> {
  resolve: (handle: Handle<T>) => void = ignore;
  reject: (reason: unknown) => void = ignore;

  /** What it waits for, for messages. */
  get what(): string {
    return "a resource";
  }

  /** Called before the task is withdrawn. */
  withdrawn(): void {}

  /** Called once, before the task resolves or rejects. */
  served(): void {}
}

/** The task of a load. It owns its handle until the task or the handle is disposed. */
export class PendingLoad<T> extends Promise<Handle<T>> implements LoadTask<T> {
  #handle: Handle<T> | undefined;
  #waiting: Waiting<T> | undefined;

  /**
   * `await` uses a promise directly only if its constructor is `Promise`; any other costs two more
   * turns. This also makes the result of `then()` a plain promise.
   */
  override get ["constructor"](): typeof Promise {
    return Promise;
  }

  /** Resolves to `handle`, or waits for {@linkcode fulfil} or {@linkcode fail}. */
  constructor(handle: Handle<T> | undefined, waiting?: Waiting<T>) {
    super((resolve, reject) => {
      if (!waiting) return resolve(handle!);
      waiting.resolve = resolve;
      waiting.reject = reject;
    });
    this.#handle = handle;
    this.#waiting = waiting;
  }

  /** Returns a task that has failed already, because `loadAsync` never throws. */
  static failed<T>(reason: unknown): PendingLoad<T> {
    const task = new PendingLoad<T>(undefined, new Waiting());
    task.fail(reason);
    return task;
  }

  /** Whether it still waits. */
  get pending(): boolean {
    return this.#waiting !== undefined;
  }

  /** Whether it has nothing left to dispose. */
  get over(): boolean {
    return !this.pending && this.#handle?.disposed !== false;
  }

  fulfil(handle: Handle<T>): void {
    this.#handle = handle;
    this.#settle()?.resolve(handle);
  }

  /** Rejects. A withdrawal never counts as unhandled, because the caller wanted it. */
  fail(reason: unknown): void {
    if (isWithdrawn(reason)) this.catch(ignore);
    this.#settle()?.reject(reason);
  }

  /** Rejects with `reason`, because the caller does not want the resource any more. */
  withdraw(reason: unknown): void {
    noteWithdrawal(reason);
    this.#waiting?.withdrawn();
    this.fail(reason);
  }

  #settle(): Waiting<T> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.served();
    return waiting;
  }

  [Symbol.dispose](): void {
    const waiting = this.#waiting;
    if (!waiting) this.#handle?.[Symbol.dispose]();
    else this.withdraw(withdrawalOf(waiting.what));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this[Symbol.dispose]();
  }
}
