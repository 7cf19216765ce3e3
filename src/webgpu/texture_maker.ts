import { type ImageHeader, readHeader } from "../loaders/image_header.ts";
import { partsOf } from "../names/key.ts";
import { readBitmap } from "./bitmap.ts";
import { DeviceWatch } from "./lost_device.ts";
import { decodePng } from "./png.ts";
import { Uploader } from "./uploader.ts";
import type { Texture } from "./texture.ts";
import { optionsByVariant, type TextureLoaderOptions } from "./texture_options.ts";

/** Decodes images and brings them to the GPU. What can be checked before is checked before. */
export class TextureMaker {
  readonly #watch: DeviceWatch;
  /** By variant. */
  readonly #uploaders = new Map<string, Uploader>();

  /** Makes textures of `device`, as `options` say. */
  constructor(device: GPUDevice, options: TextureLoaderOptions) {
    for (const [variant, each] of optionsByVariant(options)) {
      this.#uploaders.set(variant, new Uploader(device, each));
    }
    this.#watch = new DeviceWatch(device, options.onLost);
  }

  /** Makes a texture of a PNG, of the variant that its key says. */
  make(key: string, bytes: Uint8Array): Texture {
    const uploader = this.#uploaderOf(key);
    const { kind } = this.#check(bytes, uploader);
    if (kind === "PNG") return uploader.upload(key, decodePng(bytes));
    throw new TypeError(`it is ${kind}, which is decoded asynchronously only, use loadAsync`);
  }

  /**
   * Makes a texture of any image. Where bitmaps can't be copied to the GPU, a PNG is decoded as
   * {@linkcode make} does it, for that is faster than to read it out of a bitmap.
   */
  async makeAsync(
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<Texture> {
    const uploader = this.#uploaderOf(key);
    const { kind } = this.#check(bytes, uploader);
    if (kind === "PNG" && !uploader.takesBitmaps) {
      const pixels = decodePng(bytes);
      return await uploader.confirm(() => uploader.upload(key, pixels));
    }
    const bitmap = await createImageBitmap(new Blob([bytes]), bitmapOptions(uploader));
    try {
      uploader.assertFits(bitmap); // in case its header lied in a way that no check has found
      const pixels = uploader.takesBitmaps ? undefined : await readBitmap(bitmap);
      signal.throwIfAborted();
      this.#watch.assertUsable();
      return await uploader.confirm(() =>
        pixels ? uploader.upload(key, pixels) : uploader.uploadBitmap(key, bitmap)
      );
    } finally {
      bitmap.close();
    }
  }

  /** The uploader of a key's variant. A loader for an extension with a variant has the plain one only. */
  #uploaderOf(key: string): Uploader {
    return this.#uploaders.get(partsOf(key).variant) ?? this.#uploaders.get("")!;
  }

  #check(bytes: Uint8Array, uploader: Uploader): ImageHeader {
    this.#watch.assertUsable();
    const header = readHeader(bytes);
    uploader.assertFits(header);
    return header;
  }
}

/** Colours are wanted as they are in the file, as those of a PNG. */
function bitmapOptions(uploader: Uploader): ImageBitmapOptions {
  return uploader.takesBitmaps
    ? { colorSpaceConversion: "none", premultiplyAlpha: "none" }
    : { colorSpaceConversion: "none" }; // asked for "none" twice, Deno divides by the opacity
}
