import type { ImageHeader } from "../loaders/image_header.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { Passes } from "./passes.ts";
import type { Pixels } from "./png.ts";
import { retireTexture, type Texture, wrapTexture } from "./texture.ts";
import type { TextureOptions } from "./texture_options.ts";

type Size = Pick<ImageHeader, "width" | "height">;

/** What a browser's queue can do, and Deno's can't. */
interface BitmapQueue {
  copyExternalImageToTexture(
    source: { source: ImageBitmap },
    destination: { texture: GPUTexture },
    size: readonly [width: number, height: number],
  ): void;
}

const DEFAULT_MAX_BYTES = 2 ** 28;

/** Brings images to the GPU. */
export class Uploader {
  readonly #device: GPUDevice;
  readonly #options: TextureOptions;
  readonly #format: GPUTextureFormat;
  readonly #maxBytes: number;
  readonly #passes: Passes;

  /**
   * Makes textures of `device`, as `options` say.
   *
   * @throws {RangeError} `maxBytes` is no positive number.
   */
  constructor(device: GPUDevice, options: TextureOptions) {
    const { srgb = true, premultiplyAlpha = false, maxBytes = DEFAULT_MAX_BYTES } = options;
    if (!(maxBytes > 0)) {
      throw new RangeError(
        `Cannot create a textureLoader: "maxBytes" must be a number above 0: received ${maxBytes}`,
      );
    }
    this.#device = device;
    this.#options = options;
    this.#maxBytes = maxBytes;
    this.#format = srgb ? "rgba8unorm-srgb" : "rgba8unorm";
    this.#passes = new Passes(device, this.#format, premultiplyAlpha);
  }

  /** Whether bitmaps need not be read. */
  get takesBitmaps(): boolean {
    return "copyExternalImageToTexture" in this.#device.queue;
  }

  /**
   * Throws if an image is too large, before anything of it is decoded.
   *
   * @throws {RangeError} It has more pixels on a side than the device takes, or takes too many bytes.
   */
  assertFits(size: Size): void {
    const { width, height } = size;
    const { maxTextureDimension2D: most } = this.#device.limits;
    const maxBytes = this.#maxBytes;
    if (Math.max(width, height) > most) {
      throw new RangeError(
        `it is ${width} × ${height} pixels, and the device takes ${most} a side`,
      );
    }
    const bytes = this.bytesOf(size);
    if (bytes > maxBytes) {
      throw new RangeError(
        `it is ${width} × ${height} pixels and takes ${bytes} bytes, maxBytes allows ${maxBytes}`,
      );
    }
  }

  /** The GPU bytes that a texture of an image takes. */
  bytesOf(size: Size): number {
    return byteLengthOf(size.width, size.height, this.#mipLevels(size));
  }

  /** Makes a texture of pixels. */
  upload(label: string, pixels: Pixels): Texture {
    const { width, height, data } = pixels;
    return this.#make(label, pixels, (texture) => {
      const layout = { bytesPerRow: width * 4 }; // unlike copies of buffers, of any length
      this.#device.queue.writeTexture({ texture }, data, layout, [width, height]);
    });
  }

  /** Makes a texture of a bitmap, where {@linkcode takesBitmaps}. */
  uploadBitmap(label: string, bitmap: ImageBitmap): Texture {
    const queue = this.#device.queue as unknown as BitmapQueue;
    const { width, height } = bitmap;
    return this.#make(label, bitmap, (texture) => {
      queue.copyExternalImageToTexture({ source: bitmap }, { texture }, [width, height]);
    });
  }

  /**
   * Makes a texture by `upload`, and waits until the GPU has taken it.
   *
   * @throws {Error} The GPU has not enough memory, or can't make such a texture.
   */
  async confirm(upload: () => Texture): Promise<Texture> {
    const device = this.#device;
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const pop = () => Promise.all([device.popErrorScope(), device.popErrorScope()]);
    let texture: Texture;
    try {
      texture = upload();
    } catch (error) {
      await pop();
      throw error;
    }
    const error = (await pop()).find((each) => each !== null);
    if (!error) return texture;
    retireTexture(texture)(); // nobody has seen it
    throw new Error(`the GPU refused it: ${error.message}`, { cause: error });
  }

  #mipLevels({ width, height }: Size): number {
    return this.#options.mipmaps ? mipLevelsOf(width, height) : 1;
  }

  /** `write` writes to the texture, or to another of which it is made. */
  #make(label: string, size: Size, write: (texture: GPUTexture) => void): Texture {
    const texture = this.#create(label, size, this.#mipLevels(size));
    try {
      this.#fill(texture, write);
      return wrapTexture(texture);
    } catch (error) {
      texture.destroy();
      throw error;
    }
  }

  #fill(texture: GPUTexture, write: (texture: GPUTexture) => void): void {
    const straight = this.#options.premultiplyAlpha
      ? this.#create(texture.label, texture, 1)
      : undefined;
    try {
      write(straight ?? texture);
      if (straight || texture.mipLevelCount > 1) this.#passes.finish(texture, straight);
      else this.#device.queue.submit([]); // or Deno keeps all that was written until a frame is drawn
    } finally {
      straight?.destroy(); // once the GPU is done with it
    }
  }

  #create(label: string, { width, height }: Size, mipLevelCount: number): GPUTexture {
    const { premultiplyAlpha, mipmaps, usage = 0 } = this.#options;
    const { TEXTURE_BINDING, COPY_DST, RENDER_ATTACHMENT } = GPUTextureUsage;
    const drawnTo = premultiplyAlpha || mipmaps || this.takesBitmaps;
    return this.#device.createTexture({
      label,
      size: [width, height],
      format: this.#format,
      mipLevelCount,
      usage: TEXTURE_BINDING | COPY_DST | (drawnTo ? RENDER_ATTACHMENT : 0) | usage,
    });
  }
}
