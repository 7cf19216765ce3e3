import type { Handle } from "../contract/handle.ts";
import type { LoadTask } from "../contract/task.ts";

/** The key under which a task has its handle. */
const HANDLE = Symbol("handle");

/** A task of a resource that was resident. */
interface ReadyTask<T> extends LoadTask<T> {
  [HANDLE]: Handle<T>;
}

/**
 * A task that already has its handle. It is a plain promise with members of its own: an instance of
 * a subclass takes twice as long to create, and `await` handles it more slowly.
 */
export function readyTask<T>(handle: Handle<T>): LoadTask<T> {
  const task = Promise.resolve(handle) as ReadyTask<T>;
  task[HANDLE] = handle;
  task[Symbol.dispose] = dispose;
  task[Symbol.asyncDispose] = disposeAsync;
  return task;
}

/** The handle of a ready task; `undefined` if `value` is something else. */
export function handleIn(value: unknown): Handle<unknown> | undefined {
  return value instanceof Promise ? (value as Partial<ReadyTask<unknown>>)[HANDLE] : undefined;
}

function dispose(this: ReadyTask<unknown>): void {
  this[HANDLE][Symbol.dispose]();
}

async function disposeAsync(this: ReadyTask<unknown>): Promise<void> {
  await this[Symbol.dispose]();
}
