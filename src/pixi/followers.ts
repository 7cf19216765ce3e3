import type { Texture, View } from "./pixi.ts";

/** At least this many views are added before the references to lost views are removed. */
const MIN_LIMIT = 16;

/**
 * Lets views follow a texture that they show: they learn when it changes its size or its source.
 * PixiJS does so for a texture that is `dynamic`, but keeps destroyed or dropped sprites in memory as
 * long as the texture. Here they are held weakly. Returns a function that lists the living views, in
 * O(views).
 */
export function letFollow(texture: Texture): () => View[] {
  const { on, off } = texture;
  /** The reference to each view, so that a view that comes and goes in each frame makes only one. */
  const references = new WeakMap<View, WeakRef<View>>();
  const views = new Set<WeakRef<View>>();
  let limit = MIN_LIMIT;
  /** Lists the views that still exist, and removes the references to the others. */
  const living = () => {
    const all: View[] = [];
    for (const reference of views) {
      const view = reference.deref();
      if (view?.destroyed === false) all.push(view);
      else views.delete(reference);
    }
    limit = MIN_LIMIT + 2 * views.size;
    return all;
  };
  on.call(texture, "update", () => {
    for (const view of living()) view.onViewUpdate();
  });
  texture.dynamic = true;
  texture.on = (event, listener, view) => {
    if (!isFollower(event, view)) return on.call(texture, event, listener, view);
    const reference = references.get(view) ?? new WeakRef(view);
    references.set(view, reference);
    if (views.add(reference).size >= limit) living();
    return texture;
  };
  texture.off = (event, listener, view, once) => {
    if (!isFollower(event, view)) return off.call(texture, event, listener, view, once);
    views.delete(references.get(view)!);
    return texture;
  };
  return living;
}

/** Whether a listener is a view that follows the changes of a texture. */
function isFollower(event: string, view: unknown): view is View {
  return event === "update" &&
    typeof (view as Partial<View> | undefined)?.onViewUpdate === "function";
}
