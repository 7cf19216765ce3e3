import type { Texture, View } from "./pixi.ts";

/** So many views have come at least before those that are gone are looked for. */
const MIN_LIMIT = 16;

/**
 * Lets what shows a texture follow it: it is told when the texture changes its size or its source.
 * PixiJS does so for a texture that is `dynamic`, but keeps sprites that were destroyed or dropped as
 * long as the texture. Here they are held weakly. Returns what gives those that are there. O(views).
 */
export function letFollow(texture: Texture): () => View[] {
  const { on, off } = texture;
  /** The reference of a view, so that one that comes and goes each frame makes only one. */
  const references = new WeakMap<View, WeakRef<View>>();
  const views = new Set<WeakRef<View>>();
  let limit = MIN_LIMIT;
  /** Those that are still there; forgets the others. */
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
    if (!isToFollow(event, view)) return on.call(texture, event, listener, view);
    const reference = references.get(view) ?? new WeakRef(view);
    references.set(view, reference);
    if (views.add(reference).size >= limit) living();
    return texture;
  };
  texture.off = (event, listener, view, once) => {
    if (!isToFollow(event, view)) return off.call(texture, event, listener, view, once);
    views.delete(references.get(view)!);
    return texture;
  };
  return living;
}

/** Whether a listener is what shows a texture, and wants to know of its changes. */
function isToFollow(event: string, view: unknown): view is View {
  return event === "update" &&
    typeof (view as Partial<View> | undefined)?.onViewUpdate === "function";
}
