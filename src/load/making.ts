import type { Entry } from "../cache/entry.ts";
import { attempt } from "../contract/attempt.ts";
import type { WorkQueue } from "../cache/work_queue.ts";
import { ResourceNotFoundError } from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import { cannot, listed, quote } from "../contract/printable.ts";
import { nearest } from "../names/nearest.ts";
import type { Flight } from "./flight.ts";
import type { AsynchronousContext, SynchronousContext } from "./load_context.ts";

/** Runs what a loader does when it is its turn: at once, or in a pump. */
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

/** Makes a value of `bytes`, or without any. */
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

/** Begins to make a value without blocking. What comes of it is checked by {@linkcode assertFound}. */
export function makeAsync(
  loader: Loader<unknown>,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  context: AsynchronousContext,
): Promise<unknown> {
  return bytes ? loader.loadAsync!(bytes, context) : loader.makeAsync!(context);
}

/** Makes a part without blocking, though its loader is synchronous: its whole is loaded before. */
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
    context.giveBack(whole); // The loader has taken a reference of its own.
    land(value);
  });
}

/** Throws if a method that has to be synchronous is not: its promise would be taken for the value. */
export function refusePromise<T>(value: T, loader: Loader<unknown>, method: string): T {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError(
    `the ${method} of its loader "${loader.name}" gave a promise, ` +
      `make it synchronous or call it ${method}Async`,
  );
}

/** Throws {@linkcode ResourceNotFoundError} if a loader has made nothing without bytes. */
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
      `its loader ${quote(loader.name)} made nothing, was a return forgotten?`,
    );
  }
  const known = wholeValue === undefined ? [] : partsOf(loader, wholeValue);
  const problem = `${quote(context.whole)} has no part ${quote(part)}${hint(part, known)}`;
  throw new ResourceNotFoundError(key, problem);
}

/** The parts of a whole; none if its loader can't say. */
function partsOf(loader: Loader<unknown>, whole: unknown): string[] {
  return attempt(() => [...loader.parts?.(whole as never) ?? []]) ?? [];
}

/** What may have been meant instead of `part`. */
function hint(part: string, known: readonly string[]): string {
  const similar = nearest(part, known);
  if (similar !== "") return `, did you mean ${similar}?`;
  return known.length === 0 ? "" : `, it has ${listed(known.map(quote))}`;
}

/**
 * Whether the value of a reload may be changed in place: its loader can, it is still there, and no newer
 * read has changed it.
 */
export function canUpdate({ loader, renewal, read }: Flight): boolean {
  return renewal !== undefined && renewal.entry.fate === undefined &&
    updates(loader, renewal.entry) && renewal.entry.read <= read;
}

/** Changes the value of a reload in place. Returns it, or `undefined` if it has to be loaded anew. */
export async function update(
  flight: Flight,
  source: Uint8Array<ArrayBuffer>,
  context: AsynchronousContext,
): Promise<unknown> {
  if (!canUpdate(flight)) return undefined; // It has waited for its turn.
  const { value } = flight.renewal!.entry;
  let isUpdated = false;
  context.beforeTurn = () => beginUpdate(flight);
  try {
    isUpdated = await flight.loader.update!(value, source, context) !== false;
  } catch (error) {
    if (canUpdate(flight)) throw error; // If not, what has become of the value says more.
  }
  context.beforeTurn = undefined;
  if (isUpdated) return value;
  flight.assertWanted();
  return undefined;
}

/**
 * Lets no older read change the value of a reload from here on: it could come between the change and the
 * landing, and what it loaded would go again. Throws if the value can't be changed in place any more.
 */
function beginUpdate(flight: Flight): void {
  if (!canUpdate(flight)) {
    const problem = "its value was unloaded, or is newer";
    throw new ReferenceError(cannot("update", flight.key, problem));
  }
  flight.renewal!.entry.read = flight.read;
}

/** Whether a reload may change the value of `entry` in place: its loader has made it, and knows how. */
export function updates(loader: Loader<unknown>, entry: Entry | undefined): boolean {
  return loader.update !== undefined && !makes(loader) && entry?.isOf(loader) === true;
}
