import { ResourceNotFoundError } from "../contract/errors.ts";
import { endWatching, type Source, type Watching } from "../contract/source.ts";

/** One source in its place. A source that is mounted twice has two. */
export interface Layer {
  readonly source: Source;
}

/** Hears of the keys that change in layers: one for each who watches. */
export class LayersWatch implements Disposable, AsyncDisposable {
  /** Whether it was disposed. */
  isOver = false;
  readonly #onChange: (key: string) => void;
  readonly #onError: (error: unknown) => void;
  #layers: readonly Layer[] = [];
  /** Those of the layers. One that cannot be watched has none. */
  readonly #subscriptions = new Map<Layer, Watching | undefined>();
  /** Resolves when the layers that it does not follow any more have let go. */
  #ended: Promise<unknown> | undefined;

  constructor(onChange: (key: string) => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Watches these layers from here on, and no others. */
  follow(layers: readonly Layer[]): void {
    this.#layers = layers;
    for (const [layer, subscription] of this.#subscriptions) {
      if (layers.includes(layer)) continue;
      this.#subscriptions.delete(layer);
      if (!subscription) continue;
      this.#ended = Promise.all([this.#ended, endWatching(subscription, this.#onError)]);
    }
    for (const layer of layers) {
      if (this.#subscriptions.has(layer)) continue;
      this.#subscriptions.set(layer, undefined); // It is asked once, whatever it does meanwhile.
      this.#subscriptions.set(layer, this.#watch(layer));
    }
    if (this.#layers !== layers) this.follow(this.#layers); // They were exchanged meanwhile.
  }

  /** Reports `keys`, until it is disposed. */
  report(keys: readonly string[]): void {
    for (const key of keys) if (!this.isOver) this.#onChange(key);
  }

  [Symbol.dispose](): void {
    this.isOver = true;
    this.follow([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#ended;
  }

  /** Subscribes to a layer. One that fails is reported, and the others go on. */
  #watch(layer: Layer): Watching | undefined {
    try {
      return layer.source.watch?.((key) => {
        if (!this.#isHidden(layer, key)) this.report([key]);
      }, this.#onError);
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  /** Whether the layer is not followed any more, or one above it has the key. */
  #isHidden(layer: Layer, key: string): boolean {
    const index = this.#layers.indexOf(layer);
    const directory = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    return index < 0 ||
      this.#layers.slice(0, index).some((other) => keysIn(other, directory, false)?.includes(key));
  }
}

/** The keys that a layer has below `directory`; `undefined` if it cannot say. */
export function keysIn(
  { source }: Layer,
  directory = "",
  recursive = true,
): string[] | undefined {
  try {
    return source.list && [...source.list(directory, { recursive })];
  } catch (error) {
    return error instanceof ResourceNotFoundError ? [] : undefined;
  }
}
