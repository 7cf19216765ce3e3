import { ResourceNotFoundError } from "../contract/errors.ts";
import { endWatching, type Source, type Watching } from "../contract/source.ts";

/** A mounted source. A source that is mounted twice has two layers. */
export interface Layer {
  readonly source: Source;
}

/** Reports the keys that change in layers to one watcher. */
export class LayersWatch implements Disposable, AsyncDisposable {
  /** Whether it was disposed. */
  isOver = false;
  readonly #onChange: (key: string) => void;
  readonly #onError: (error: unknown) => void;
  #layers: readonly Layer[] = [];
  /** The watch of each layer; `undefined` if the layer cannot be watched. */
  readonly #subscriptions = new Map<Layer, Watching | undefined>();
  /** Resolves when the watches of removed layers have ended. */
  #ended: Promise<unknown> | undefined;

  constructor(onChange: (key: string) => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** Watches exactly these layers from now on. */
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
      this.#subscriptions.set(layer, undefined); // Not watched twice if its `watch` mounts a layer.
      this.#subscriptions.set(layer, this.#watch(layer));
    }
    if (this.#layers !== layers) this.follow(this.#layers); // A `watch` has mounted a layer.
  }

  /** Reports `keys`; stops when the watcher disposes the watch. */
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

  /** Watches a layer. Reports the error if that fails, so that the other layers are still watched. */
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

  /** Whether the layer was removed, or a layer above it has the key. */
  #isHidden(layer: Layer, key: string): boolean {
    const index = this.#layers.indexOf(layer);
    const directory = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    return index < 0 ||
      this.#layers.slice(0, index).some((other) => keysIn(other, directory, false)?.includes(key));
  }
}

/** Returns the keys of a layer below `directory`; `undefined` if the layer cannot list. */
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
