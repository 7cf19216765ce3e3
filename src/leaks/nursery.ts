/**
 * Finds handles that were garbage-collected without being disposed, exactly, without slowing a load.
 *
 * To register each handle with a `FinalizationRegistry` would make a load about ten times slower.
 * Most handles die young, so only survivors are registered:
 *
 * - A new handle goes into the *nursery*. `using` disposes in reverse order, so a disposal mostly
 *   finds its handle at the end, and takes it out by a decrement.
 * - When the nursery is full, the disposed ones leave it. If most are still open, it doubles: a change
 *   of scene may hold thousands. Beyond {@linkcode MOST} those are registered, and it starts anew.
 * - The nursery itself keeps its handles alive. So each garbage collection empties it: it finalises
 *   a throw-away *sentinel*, and that callback registers whatever is still open.
 *
 * A scope is in the nursery in place of the handles that it owns: one registration for all of them.
 *
 * A forgotten handle is thus registered by the first collection and reported by the second.
 * All of it is the module's and no manager's: a registry that went together with its manager would
 * report nothing.
 */

/** A handle, as far as the nursery knows it. */
export interface Trackable {
  readonly disposed: boolean;
  /** What is known of it while it is open. Must not reach the handle, or it would never be collected. */
  lease(): Lease | undefined;
  /** It stands for several handles: puts on record what is known of them. */
  recordHandles?(): void;
}

/** What is known of an open handle, without holding it. */
export interface Lease {
  /** Called once, after the handle was collected, whether or not it was disposed before. */
  collected(): void;
}

/** More than a frame holds open; a smaller one is looked through too often. */
const SIZE = 1024;
/** So many are registered within some milliseconds, when a garbage collection comes. */
const MOST = 32 * SIZE;

/** Slot 0 stays empty, so that {@linkcode untrack} may look at `nursery[top]` without asking. */
const nursery: (Trackable | undefined)[] = /* @__PURE__ */ Array.from(
  { length: SIZE + 1 },
  () => undefined,
);
let top = 0;
/** How many have room. */
let size = SIZE;
/** Where {@linkcode track} stops to look: {@linkcode size}, or 0 while no sentinel is out. */
let limit = 0;

const handles = /* @__PURE__ */ new FinalizationRegistry<Lease>((lease) => lease.collected());
const sentinels = /* @__PURE__ */ new FinalizationRegistry<undefined>(() => {
  limit = 0;
  empty();
});

/** Watches over a new handle. */
export function track(handle: Trackable): void {
  if (top === limit) makeRoom();
  nursery[++top] = handle;
}

/** Forgets a handle that is being disposed, if it is the newest. Others leave with the next emptying. */
export function untrack(handle: Trackable): void {
  if (nursery[top] === handle) top--;
}

function makeRoom(): void {
  if (limit === 0) sentinels.register({}, undefined);
  else dropDisposed();
  limit = size;
}

/** Drops those that are disposed, and takes more room if that are few. */
function dropDisposed(): void {
  let open = 0;
  for (let slot = 1; slot <= top; slot++) {
    const handle = nursery[slot]!;
    if (!handle.disposed) nursery[++open] = handle;
  }
  nursery.fill(undefined, open + 1);
  top = open;
  if (open <= size / 2) return;
  if (size < MOST) size *= 2;
  else empty();
}

/** Registers the open handles, and clears all slots: those above `top` hold disposed ones. */
function empty(): void {
  const count = top;
  top = 0;
  size = SIZE;
  // The loop comes last: V8 compiles it while it runs, and knows nothing of what would come after it.
  for (let slot = 1; slot < nursery.length; slot++) {
    const handle = nursery[slot];
    nursery[slot] = undefined;
    if (slot <= count) register(handle!);
  }
}

function register(handle: Trackable): void {
  const lease = handle.lease();
  // No unregister token: the token map is the costly part of a registry. The lease says it instead.
  if (lease !== undefined) handles.register(handle, lease);
}

/** Puts the handles of young scopes on record, for those who ask who holds what. O(nursery). */
export function recordScopes(): void {
  for (let slot = 1; slot <= top; slot++) {
    const handle = nursery[slot]!;
    if (!handle.disposed) handle.recordHandles?.();
  }
}
