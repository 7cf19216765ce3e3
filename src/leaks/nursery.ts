/**
 * Finds handles that were garbage-collected without being disposed, exactly, without slowing a load.
 *
 * Registering each handle with a `FinalizationRegistry` would make a load about ten times slower.
 * Most handles die young, so only survivors are registered:
 *
 * - A new handle goes into the *nursery*. `using` disposes in reverse order, so a disposal mostly
 *   finds its handle at the end, and removes it by a decrement.
 * - When the nursery is full, the disposed handles are removed. If most are still open, it doubles: a
 *   change of scene may hold thousands. Beyond {@linkcode MOST}, all are registered, and it is emptied.
 * - The nursery itself keeps its handles alive. So each garbage collection empties it: it finalises
 *   a throw-away *sentinel*, and that callback registers the handles that are still open.
 * - Each emptying makes a new array. V8 moves an array that survives into its old space, where each
 *   store of a new handle would take 3 ns more, for the garbage collector.
 *
 * A scope is in the nursery in place of the handles that it owns: one registration for all of them.
 *
 * A forgotten handle is thus registered by the first collection and reported by the second.
 * The module has one nursery for all managers: a registry that is collected together with its manager
 * reports nothing.
 */

/** A handle, as far as the nursery knows it. */
export interface Trackable {
  readonly disposed: boolean;
  /** Its lease, while it is open. Must not reach the handle, or the handle would never be collected. */
  lease(): Lease | undefined;
  /** Records a lease for each of the handles that it represents, if it represents several. */
  recordHandles?(): void;
}

/** What is known about an open handle. It does not reach the handle. */
export interface Lease {
  /** Called once, after the handle was collected, whether or not it was disposed before. */
  collected(): void;
}

/** More handles than a frame holds open. A smaller nursery would be full too often. */
const SIZE = 1024;
/** How many handles can be registered within some milliseconds, after a garbage collection. */
const MOST = 32 * SIZE;

/** An empty nursery. All slots exist and hold `null`, so that V8 keeps one kind of array for all. */
const EMPTY: readonly (Trackable | null)[] = /* @__PURE__ */ Array.from(
  { length: SIZE + 1 },
  () => null,
);
/** Slot 0 stays empty, so that {@linkcode untrack} can read `nursery[top]` without a check. */
let nursery: (Trackable | null)[] = /* @__PURE__ */ EMPTY.slice();
let top = 0;
/** How many handles have room. */
let size = SIZE;
/** Where {@linkcode track} has to make room: at {@linkcode size}, or at 0 without a sentinel. */
let limit = 0;

const handles = /* @__PURE__ */ new FinalizationRegistry<Lease>((lease) => lease.collected());
const sentinels = /* @__PURE__ */ new FinalizationRegistry<undefined>(() => {
  limit = 0;
  empty();
});

/** Watches a new handle. */
export function track(handle: Trackable): void {
  if (top === limit) makeRoom();
  nursery[++top] = handle;
}

/** Removes a handle that is being disposed, if it is the newest. Others are removed later, together. */
export function untrack(handle: Trackable): void {
  if (nursery[top] === handle) top--;
}

function makeRoom(): void {
  if (limit === 0) sentinels.register({}, undefined);
  else dropDisposed();
  limit = size;
}

/** Removes the disposed handles. If these are few, makes the nursery larger, or empties it. */
function dropDisposed(): void {
  let open = 0;
  for (let slot = 1; slot <= top; slot++) {
    const handle = nursery[slot]!;
    if (!handle.disposed) nursery[++open] = handle;
  }
  top = open;
  if (open > size / 2) {
    if (size >= MOST) return empty();
    replace(nursery.concat(nursery));
    size *= 2;
  }
  nursery.fill(null, open + 1);
}

/** Registers the open handles. */
function empty(): void {
  const full = nursery.slice(1, top + 1);
  replace(EMPTY.slice());
  top = 0;
  size = SIZE;
  for (const handle of full) register(handle!);
}

/** Empties the old array too: it may be in the old space, where it would keep its handles for long. */
function replace(next: (Trackable | null)[]): void {
  nursery.fill(null);
  nursery = next;
}

function register(handle: Trackable): void {
  const lease = handle.lease();
  // No unregister token: the token map is the costly part of a registry. The lease knows of a disposal.
  if (lease !== undefined) handles.register(handle, lease);
}

/** Records the handles of scopes that are still in the nursery. Call it before a report. O(nursery). */
export function recordScopes(): void {
  for (let slot = 1; slot <= top; slot++) {
    const handle = nursery[slot]!;
    if (!handle.disposed) handle.recordHandles?.();
  }
}
