import { quote } from "../contract/printable.ts";
import type { ImageHeader } from "../loaders/image_header.ts";
import { byteLengthOf, mipLevelsOf } from "../loaders/mip_levels.ts";
import { Passes } from "./passes.ts";
import type { Pixels } from "./png.ts";
import { type Texture, wrapTexture } from "./texture.ts";
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

/** The textures that an upload writes. */
interface Targets {
  readonly texture: GPUTexture;
  /** The image before its colours are multiplied by their opacity, if they are. */
  readonly straight?: GPUTexture;
}

/** Some rows of an image. */
export interface Strip {
  readonly row: number;
  readonly rows: number;
}

/** An upload in several strips. The caller has to call `finish` or `destroy`. */
export interface GradualUpload {
  write(strip: Strip): void;
  /** Makes the texture, when all strips are written. */
  finish(): Texture;
  /** Gives up the upload. */
  destroy(): void;
}

/** Writing this many bytes takes a millisecond at most, even if the driver has to get memory first. */
const STRIP_BYTES = 2 ** 20;

/** The strips that an image is uploaded in: at least one row each. */
export function stripsOf({ width, height }: Size): Strip[] {
  const rows = Math.max(1, Math.floor(STRIP_BYTES / (width * 4)));
  return Array.from({ length: Math.ceil(height / rows) }, (_, i) => {
    const row = i * rows;
    return { row, rows: Math.min(rows, height - row) };
  });
}

const DEFAULT_MAX_BYTES = 2 ** 28;

/** Uploads images to the GPU. */
export class Uploader {
  readonly #device: GPUDevice;
  readonly #options: TextureOptions;
  readonly #format: GPUTextureFormat;
  readonly #maxBytes: number;
  readonly #passes: Passes;

  /**
   * Makes textures of `device`, as `options` say.
   *
   * @throws {RangeError} `maxBytes` is not a positive number.
   */
  constructor(device: GPUDevice, options: TextureOptions) {
    const { srgb = true, premultiplyAlpha = false, maxBytes = DEFAULT_MAX_BYTES } = options;
    if (!(maxBytes > 0)) {
      throw new RangeError(
        `Cannot create a textureLoader: "maxBytes" must be a number above 0: received ${
          quote(maxBytes)
        }`,
      );
    }
    this.#device = device;
    this.#options = options;
    this.#maxBytes = maxBytes;
    this.#format = srgb ? "rgba8unorm-srgb" : "rgba8unorm";
    this.#passes = new Passes(device, this.#format, premultiplyAlpha);
  }

  /** Whether the GPU's queue takes bitmaps, so that nothing has to read their pixels. */
  get takesBitmaps(): boolean {
    return "copyExternalImageToTexture" in this.#device.queue;
  }

  /**
   * Throws if an image is too large.
   *
   * @throws {RangeError} A side has more pixels than the device takes, or the bytes exceed `maxBytes`.
   */
  assertFits(size: Size): void {
    const { width, height } = size;
    const { maxTextureDimension2D: most } = this.#device.limits;
    const maxBytes = this.#maxBytes;
    if (Math.max(width, height) > most) {
      throw new RangeError(
        `it is ${width} × ${height} pixels, and the device allows ${most} a side`,
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

  /** Makes a texture from pixels. */
  upload(label: string, pixels: Pixels): Texture {
    return this.#make(label, pixels, (texture) => this.#write(texture, pixels));
  }

  /** Makes a texture whose pixels are written strip by strip: {@linkcode GradualUpload}. */
  begin(label: string, pixels: Pixels): GradualUpload {
    const targets = this.#createTargets(label, pixels);
    return {
      write: (strip) => {
        this.#write(targets.straight ?? targets.texture, pixels, strip);
        this.#device.queue.submit([]); // otherwise Deno keeps the bytes until a frame is drawn
      },
      finish: () => this.#finish(targets),
      destroy: () => destroy(targets),
    };
  }

  /** Makes a texture from a bitmap. Needs {@linkcode takesBitmaps}. */
  uploadBitmap(label: string, bitmap: ImageBitmap): Texture {
    const queue = this.#device.queue as unknown as BitmapQueue;
    const { width, height } = bitmap;
    return this.#make(label, bitmap, (texture) => {
      queue.copyExternalImageToTexture({ source: bitmap }, { texture }, [width, height]);
    });
  }

  /**
   * Calls `run`, which makes or writes a texture, and waits until the GPU has accepted it. If the GPU
   * refuses it, calls `undo` with what `run` returned.
   *
   * @throws {Error} The GPU has not enough memory, or can't make such a texture.
   */
  async confirm<T>(run: () => T, undo: (made: T) => void): Promise<T> {
    const device = this.#device;
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const pop = () => Promise.all([device.popErrorScope(), device.popErrorScope()]);
    let made: T;
    try {
      made = run();
    } catch (error) {
      await pop();
      throw error;
    }
    const error = (await pop()).find((each) => each !== null);
    if (!error) return made;
    undo(made);
    throw new Error(`the GPU refused it: ${error.message}`, { cause: error });
  }

  #mipLevels({ width, height }: Size): number {
    return this.#options.mipmaps ? mipLevelsOf(width, height) : 1;
  }

  /** Writes some rows of pixels, or all of them. */
  #write(
    texture: GPUTexture,
    { width, height, data }: Pixels,
    { row, rows }: Strip = { row: 0, rows: height },
  ): void {
    // Unlike in copies of buffers, a row may have any length.
    const layout = { offset: row * width * 4, bytesPerRow: width * 4 };
    const { queue } = this.#device;
    queue.writeTexture({ texture, origin: [0, row] }, data, layout, [width, rows]);
  }

  /** Makes a texture. `write` writes the image into it, or into another one from which it is made. */
  #make(label: string, size: Size, write: (texture: GPUTexture) => void): Texture {
    const targets = this.#createTargets(label, size);
    try {
      write(targets.straight ?? targets.texture);
      return this.#finish(targets);
    } catch (error) {
      destroy(targets);
      throw error;
    }
  }

  #createTargets(label: string, size: Size): Targets {
    const texture = this.#create(label, size, this.#mipLevels(size));
    if (!this.#options.premultiplyAlpha) return { texture };
    try {
      return { texture, straight: this.#create(label, texture, 1) };
    } catch (error) {
      texture.destroy();
      throw error;
    }
  }

  /** Applies the options to what was written, and wraps the texture. */
  #finish({ texture, straight }: Targets): Texture {
    if (straight || texture.mipLevelCount > 1) this.#passes.finish(texture, straight);
    else this.#device.queue.submit([]); // otherwise Deno keeps the bytes until a frame is drawn
    straight?.destroy(); // takes effect when the GPU has drawn it
    return wrapTexture(texture);
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

function destroy({ texture, straight }: Targets): void {
  texture.destroy();
  straight?.destroy();
}
