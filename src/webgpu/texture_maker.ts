import { type ImageHeader, readHeader } from "../loaders/image_header.ts";
import { readBitmap } from "./bitmap.ts";
import { DeviceWatch } from "./lost_device.ts";
import { decodePng } from "./png.ts";
import { Uploader } from "./uploader.ts";
import type { Texture } from "./texture.ts";
import type { TextureLoaderOptions } from "./texture_options.ts";

/** Decodes images and brings them to the GPU. What can be checked before is checked before. */
export class TextureMaker {
  readonly #watch: DeviceWatch;
  readonly #uploader: Uploader;

  /** Makes textures of `device`, as `options` say. */
  constructor(device: GPUDevice, options: TextureLoaderOptions) {
    this.#uploader = new Uploader(device, options);
    this.#watch = new DeviceWatch(device, options.onLost);
  }

  /** Makes a texture of a PNG. */
  make(label: string, bytes: Uint8Array): Texture {
    const { kind } = this.#check(bytes);
    if (kind === "PNG") return this.#uploader.upload(label, decodePng(bytes));
    throw new TypeError(`it is ${kind}, which is decoded asynchronously only, use loadAsync`);
  }

  /**
   * Makes a texture of any image. Where bitmaps can't be copied to the GPU, a PNG is decoded as
   * {@linkcode make} does it, for that is faster than to read it out of a bitmap.
   */
  async makeAsync(
    label: string,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Texture> {
    const uploader = this.#uploader;
    const { kind } = this.#check(bytes);
    if (kind === "PNG" && !uploader.takesBitmaps) {
      const pixels = decodePng(bytes);
      return await uploader.confirm(() => uploader.upload(label, pixels));
    }
    const bitmap = await createImageBitmap(new Blob([bytes]), this.#bitmapOptions());
    try {
      uploader.assertFits(bitmap); // in case its header lied in a way that no check has found
      return await this.#makeOfBitmap(label, bitmap, signal);
    } finally {
      bitmap.close();
    }
  }

  async #makeOfBitmap(label: string, bitmap: ImageBitmap, signal: AbortSignal): Promise<Texture> {
    const uploader = this.#uploader;
    const pixels = uploader.takesBitmaps ? undefined : await readBitmap(bitmap);
    signal.throwIfAborted();
    this.#watch.assertUsable();
    return await uploader.confirm(() =>
      pixels ? uploader.upload(label, pixels) : uploader.uploadBitmap(label, bitmap)
    );
  }

  /** Colours are wanted as they are in the file, as those of a PNG. */
  #bitmapOptions(): ImageBitmapOptions {
    return this.#uploader.takesBitmaps
      ? { colorSpaceConversion: "none", premultiplyAlpha: "none" }
      : { colorSpaceConversion: "none" }; // asked for "none" twice, Deno divides by the opacity
  }

  #check(bytes: Uint8Array): ImageHeader {
    this.#watch.assertUsable();
    const header = readHeader(bytes);
    this.#uploader.assertFits(header);
    return header;
  }
}
