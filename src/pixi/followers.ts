import type { Texture, View } from "./pixi.ts";

/** So many views are there at least before those that are gone are looked for. */
const MIN_LIMIT = 16;

/**
 * What shows a texture: it is told when the texture changes its size or its source. PixiJS does so for a
 * texture that is `dynamic`, but keeps sprites that were destroyed or dropped as long as the texture.
 * Here they are held weakly.
 */
export class Followers {
  /** The reference of a view, so that one that comes and goes each frame makes only one. */
  readonly #references = new WeakMap<View, WeakRef<View>>();
  readonly #views = new Set<WeakRef<View>>();
  #limit = MIN_LIMIT;

  /** Lets all views that show `texture` from now on follow it. */
  constructor(texture: Texture) {
    const { on, off } = texture;
    on.call(texture, "update", () => this.#tell());
    texture.dynamic = true;
    texture.on = (event, listener, view) => {
      if (event !== "update" || !isView(view)) return on.call(texture, event, listener, view);
      this.#add(view);
      return texture;
    };
    texture.off = (event, listener, view, once) => {
      if (event !== "update" || !isView(view)) {
        return off.call(texture, event, listener, view, once);
      }
      const reference = this.#references.get(view);
      if (reference !== undefined) this.#views.delete(reference);
      return texture;
    };
  }

  /** How many of them are on a stage. O(views). */
  get shown(): number {
    return this.#living().filter(({ parentRenderGroup }) => parentRenderGroup).length;
  }

  #tell(): void {
    for (const view of this.#living()) view.onViewUpdate();
  }

  #add(view: View): void {
    let reference = this.#references.get(view);
    if (reference === undefined) this.#references.set(view, reference = new WeakRef(view));
    this.#views.add(reference);
    if (this.#views.size >= this.#limit) this.#living();
  }

  /** Those that are still there; forgets the others. */
  #living(): View[] {
    const living: View[] = [];
    for (const reference of this.#views) {
      const view = reference.deref();
      if (view === undefined || view.destroyed) this.#views.delete(reference);
      else living.push(view);
    }
    this.#limit = Math.max(MIN_LIMIT, 2 * this.#views.size);
    return living;
  }
}

function isView(value: unknown): value is View {
  return typeof (value as Partial<View> | undefined)?.onViewUpdate === "function";
}
