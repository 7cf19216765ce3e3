import { quote } from "../contract/printable.ts";
import { byteLengthOf } from "../loaders/mip_levels.ts";

/** Wraps a GPU texture, for the loader. */
export let wrapTexture: (texture: GPUTexture) => Texture;
/** Makes a texture unusable, for the loader. Returns what destroys the GPU texture. */
export let retireTexture: (texture: Texture) => () => void;

/**
 * An image in GPU memory, made by `textureLoader`: `mgr.load("player.png", Texture)`.
 *
 * Only its manager unloads it, when nothing uses it any more. Then `texture` and `view` throw, and
 * the GPU texture is destroyed when the task ends. Commands that the task has recorded with it
 * before can still be submitted.
 *
 * After a reload the handle has another `Texture`, which needs another bind group. Keep bind groups
 * in a `WeakMap` by `Texture`, and look them up by `handle.value` when you draw: the map drops the
 * bind groups of unloaded textures.
 *
 * @example
 * ```ts
 * import { ResourceManager } from "@holdfast/resources";
 * import { Texture, textureLoader } from "@holdfast/resources/webgpu";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter = await navigator.gpu?.requestAdapter();
 * const device = await adapter?.requestDevice();
 * if (device) {
 *   using mgr = new ResourceManager({
 *     source: "examples/assets",
 *     loaders: [textureLoader(device)],
 *   });
 *   using coin = mgr.load("common/coin.png", Texture);
 *   const resource: GPUBindingResource = coin.value.view; // for a bind group
 *   assertEquals(resource, coin.value.view);
 *   assertEquals([coin.value.texture.width, coin.value.byteLength], [32, 4096]);
 * }
 * device?.destroy();
 * await device?.lost;
 * ```
 */
export class Texture {
  /** The key that it was loaded by, which is also the label of the GPU texture. */
  readonly label: string;
  /** The width in pixels. */
  readonly width: number;
  /** The height in pixels. */
  readonly height: number;
  /** `"rgba8unorm-srgb"` or `"rgba8unorm"`. */
  readonly format: GPUTextureFormat;
  /** How many mip levels it has: 1 without the option `mipmaps`. */
  readonly mipLevelCount: number;
  /** The bytes of all its mip levels. Drivers may round this up. */
  readonly byteLength: number;
  readonly #texture: GPUTexture;
  readonly #view: GPUTextureView;
  #unloaded = false;

  static {
    wrapTexture = (texture) => new Texture(texture);
    retireTexture = (texture) => {
      texture.#unloaded = true;
      return () => texture.#texture.destroy();
    };
  }

  private constructor(texture: GPUTexture) {
    const { label, width, height, format, mipLevelCount } = texture;
    this.label = label;
    this.width = width;
    this.height = height;
    this.format = format;
    this.mipLevelCount = mipLevelCount;
    this.byteLength = byteLengthOf(width, height, mipLevelCount);
    this.#texture = texture;
    this.#view = texture.createView({ label });
  }

  /**
   * The GPU texture. O(1).
   *
   * @throws {ReferenceError} The texture was unloaded.
   */
  get texture(): GPUTexture {
    this.#assertUsable();
    return this.#texture;
  }

  /**
   * A view of the whole texture, for bind groups. Always the same object. O(1).
   *
   * @throws {ReferenceError} The texture was unloaded.
   */
  get view(): GPUTextureView {
    this.#assertUsable();
    return this.#view;
  }

  /** Throws if it was unloaded. WebGPU itself would not throw, but draw nothing. */
  #assertUsable(): void {
    if (!this.#unloaded) return;
    throw new ReferenceError(
      `Cannot use the texture ${
        quote(this.label)
      }: it is unloaded, keep its handle and read .value`,
    );
  }

  /**
   * What `console.log` shows.
   *
   * @ignore
   */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { label, width, height, format, mipLevelCount, byteLength } = this;
    const state = this.#unloaded ? { unloaded: true } : { mipLevelCount, byteLength };
    return `Texture ${inspect({ label, width, height, format, ...state }, options)}`;
  }
}
