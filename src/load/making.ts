import type { Entry } from "../cache/entry.ts";
import type { WorkQueue } from "../cache/work_queue.ts";
import { attempt } from "../contract/attempt.ts";
import { ResourceNotFoundError } from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import { cannot, listed, quote } from "../contract/printable.ts";
import { nearest } from "../names/nearest.ts";
import type { Flight } from "./flight.ts";
import type { AsynchronousContext, SynchronousContext } from "./load_context.ts";

/** Runs a piece of work of a loader: at once, or when its turn comes in a pump. */
export type TakeTurn = <T>(run: () => T, uploadBytes?: number) => T | Promise<Awaited<T>>;

/** How the loader of `flight` takes a turn. */
export function turnOf(flight: Flight, work: WorkQueue | undefined): TakeTurn {
  return work === undefined ? now : (run, uploadBytes) => work.turn(flight, run, uploadBytes);
}

function now<T>(run: () => T): T {
  return run();
}

/** Whether a loader makes its values without bytes. */
export function makes(loader: Loader<unknown>): boolean {
  return (loader.make ?? loader.makeAsync) !== undefined;
}

/** Makes a value from `bytes`, or without any. */
export function make(
  loader: Loader<unknown>,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  context: SynchronousContext,
): unknown {
  return bytes
    ? refusePromise(loader.load!(bytes, context), loader, "load")
    : assertFound(refusePromise(loader.make!(context), loader, "make"), loader, context);
}

/** Whether a loader can make its values without blocking. */
export function isAsynchronous(loader: Loader<unknown>): boolean {
  return (loader.loadAsync ?? loader.makeAsync) !== undefined;
}

/** Begins to make a value without blocking. {@linkcode assertFound} checks the result. */
export function makeAsync(
  loader: Loader<unknown>,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  context: AsynchronousContext,
): Promise<unknown> {
  return bytes ? loader.loadAsync!(bytes, context) : loader.makeAsync!(context);
}

/** Makes a part by a synchronous loader without blocking: it loads the whole first. */
export async function makePart(
  loader: Loader<unknown>,
  context: AsynchronousContext,
  turn: TakeTurn,
  land: (value: unknown) => void,
): Promise<void> {
  const whole = context.loadAsync(context.whole);
  await whole;
  context.dependencies?.delete(context.whole); // The loader says what the part depends on.
  await turn(() => {
    const value = make(loader, undefined, context);
    context.release(whole); // The loader has taken a reference of its own.
    land(value);
  });
}

/**
 * Throws if `value` is a promise: the method had to be synchronous, and a promise is not its value.
 */
export function refusePromise<T>(value: T, loader: Loader<unknown>, method: string): T {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError(
    `the ${method} of its loader "${loader.name}" returned a promise, ` +
      `make it synchronous or call it ${method}Async`,
  );
}

/**
 * Throws a {@linkcode ResourceNotFoundError} if a loader that makes values without bytes made
 * nothing.
 */
export function assertFound(
  value: unknown,
  loader: Loader<unknown>,
  context: SynchronousContext,
): unknown {
  if (value !== undefined || !makes(loader)) return value;
  const { key, part, wholeValue } = context;
  if (part === "") {
    throw new ResourceNotFoundError(
      key,
      `its loader ${quote(loader.name)} returned undefined, was a return forgotten?`,
    );
  }
  const known = wholeValue === undefined ? [] : partNames(loader, wholeValue);
  const problem = `${quote(context.whole)} has no part ${quote(part)}${hint(part, known)}`;
  throw new ResourceNotFoundError(key, problem);
}

/** The names of the parts of a whole; empty if its loader cannot list them. */
function partNames(loader: Loader<unknown>, whole: unknown): string[] {
  return attempt(() => [...loader.parts?.(whole as never) ?? []]) ?? [];
}

/** The end of a message: the part that may have been meant, or the parts that exist. */
function hint(part: string, known: readonly string[]): string {
  const similar = nearest(part, known);
  if (similar !== "") return `, did you mean ${similar}?`;
  return known.length === 0 ? "" : `, it has ${listed(known.map(quote))}`;
}

/**
 * Whether a reload may change the value in place: its loader can, the entry is resident, and no
 * newer read has changed the value.
 */
export function canUpdate({ loader, renewal, read }: Flight): boolean {
  return renewal !== undefined && renewal.entry.fate === undefined &&
    updates(loader, renewal.entry) && renewal.entry.read <= read;
}

/**
 * Changes the value of a reload in place. Returns it, or `undefined` if it has to be loaded again.
 */
export async function update(
  flight: Flight,
  data: Uint8Array<ArrayBuffer>,
  context: AsynchronousContext,
): Promise<unknown> {
  if (!canUpdate(flight)) return undefined; // That may have changed while it waited for its turn.
  const { value } = flight.renewal!.entry;
  let isUpdated = false;
  context.beforeTurn = () => beginUpdate(flight);
  try {
    isUpdated = await flight.loader.update!(value, data, context) !== false;
  } catch (error) {
    if (canUpdate(flight)) throw error; // Otherwise the value is unloaded or newer, which matters more.
  }
  context.beforeTurn = undefined;
  if (isUpdated) return value;
  flight.assertWanted();
  return undefined;
}

/**
 * Keeps older reads from changing the value of a reload from now on: one of them could land between
 * this change and its own landing. Throws if the value can no longer be changed in place.
 */
function beginUpdate(flight: Flight): void {
  if (!canUpdate(flight)) {
    const problem = "its value was unloaded, or is newer";
    throw new ReferenceError(cannot("update", flight.key, problem));
  }
  flight.renewal!.entry.read = flight.read;
}

/**
 * Whether a reload may change the value of `entry` in place: `loader` has made it, and has an
 * `update`.
 */
export function updates(loader: Loader<unknown>, entry: Entry | undefined): boolean {
  return loader.update !== undefined && !makes(loader) && entry?.isOf(loader) === true;
}
