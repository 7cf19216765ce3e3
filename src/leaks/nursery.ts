/**
 * Finds handles that were garbage-collected without being disposed, exactly, without slowing a load.
 *
 * To register each handle with a `FinalizationRegistry` would make a load about ten times slower.
 * Most handles die young, so only survivors are registered:
 *
 * - A new handle goes into the *nursery*. `using` disposes in reverse order, so a disposal mostly
 *   finds its handle at the end, and takes it out by a decrement.
 * - When the nursery is full, those still open are registered, and it starts anew.
 * - The nursery itself keeps its handles alive. So each garbage collection empties it: it finalises
 *   a throw-away *sentinel*, and that callback registers whatever is still open.
 *
 * A forgotten handle is thus registered by the first collection and reported by the second.
 * All of it is the module's and no manager's: a registry that went together with its manager would
 * report nothing.
 */

/** A handle, as far as the nursery knows it. */
export interface Trackable {
  /** What is known of it while it is open. Must not reach the handle, or it would never be collected. */
  lease(): Lease | undefined;
}

/** What is known of an open handle, without holding it. */
export interface Lease {
  /** Called once, after the handle was collected, whether or not it was disposed before. */
  collected(): void;
}

/** More than a frame holds open; a smaller one registers handles that are about to be disposed. */
const SIZE = 1024;

/** Slot 0 stays empty, so that {@linkcode untrack} may look at `nursery[top]` without asking. */
const nursery: (Trackable | undefined)[] = /* @__PURE__ */ Array.from(
  { length: SIZE + 1 },
  () => undefined,
);
let top = 0;
/** Where {@linkcode track} stops to look: {@linkcode SIZE}, or 0 while no sentinel is out. */
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
  if (top === SIZE) empty();
  if (limit === 0) sentinels.register({}, undefined);
  limit = SIZE;
}

/** Registers the open handles. The slots above `top` held disposed ones, and are cleared too. */
function empty(): void {
  for (let slot = 1; slot <= top; slot++) {
    const handle = nursery[slot]!;
    const lease = handle.lease();
    // No unregister token: the token map is what makes a registry dear. The lease says it instead.
    if (lease !== undefined) handles.register(handle, lease);
  }
  nursery.fill(undefined);
  top = 0;
}
